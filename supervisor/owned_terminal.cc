#include "supervisor/owned_terminal.h"

#include <algorithm>

namespace pid1::supervisor {

OwnedTerminal hand_over_terminal(const Plan& plan, const system::Terminal& terminal) {
  const bool is_wanted = std::ranges::any_of(
      plan.services(), [](const ServiceSpec& service) { return service.input == Input::terminal; });
  if (!is_wanted || !terminal.exists()) return {};
  if (!terminal.is_led()) {
    return {.fd = terminal.may_give() ? terminal.fd() : -1, .session = system::Session::own_group};
  }
  terminal.release_to_child();
  return {.fd = terminal.fd()};
}

}  // namespace pid1::supervisor
