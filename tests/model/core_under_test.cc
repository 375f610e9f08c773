#include "tests/model/core_under_test.h"

namespace pid1::model {

void CoreUnderTest::handle(const Event& event, Time now, Commands& out) {
  switch (mutant_) {
    case Mutant::none: core_.handle(event, now, out); return;
    case Mutant::timer_without_token: core_.handle(believed(event), now, out); return;
    case Mutant::respawn_arms_nothing:
      core_.handle(event, now, out);
      forget_backoff(out);
      return;
  }
}

Event CoreUnderTest::believed(const Event& event) const {
  const auto* fired = std::get_if<TimerFired>(&event);
  if (fired == nullptr) return event;
  const std::uint32_t owner = fired->token.owner;
  const bool container = owner == core_.plan().size();
  const std::uint32_t current =
      container ? core_.armed_serial() : core_.service(ServiceId{owner}).armed_serial();
  return TimerFired{{owner, current == 0 ? fired->token.serial : current}};
}

void CoreUnderTest::forget_backoff(Commands& out) const {
  std::erase_if(out, [this](const Command& command) {
    const auto* armed = std::get_if<ArmTimer>(&command);
    if (armed == nullptr || armed->token.owner == core_.plan().size()) return false;
    return core_.service(ServiceId{armed->token.owner}).phase() == Phase::backoff;
  });
}

}  // namespace pid1::model
