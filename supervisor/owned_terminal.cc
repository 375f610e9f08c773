#include "supervisor/owned_terminal.h"

#include <algorithm>

namespace pid1::supervisor {

system::Terminal find_terminal_for(const Plan& plan) {
  const bool is_wanted = std::ranges::any_of(
      plan.services(), [](const ServiceSpec& service) { return service.input == Input::terminal; });
  return is_wanted ? system::Terminal::find() : system::Terminal();
}

OwnedTerminal hand_over(const system::Terminal& terminal) {
  if (!terminal.exists()) return {};
  if (!terminal.is_led()) {
    return {.fd = terminal.may_give() ? terminal.fd() : -1, .session = system::Session::own_group};
  }
  terminal.release_to_child();
  return {.fd = terminal.fd()};
}

}  // namespace pid1::supervisor
