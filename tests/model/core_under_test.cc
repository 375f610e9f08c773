#include "tests/model/core_under_test.h"

#include <vector>

namespace pid1::model {

void CoreUnderTest::handle(const Event& event, Time now, Commands& out) {
  switch (mutant_) {
    case Mutant::none: core_.handle(event, now, out); return;
    case Mutant::timer_without_token: core_.handle(with_current_timer(event), now, out); return;
    case Mutant::stale_hook_believed: core_.handle(with_current_hook(event), now, out); return;
    case Mutant::stale_probe_believed: core_.handle(with_current_probe(event), now, out); return;
    case Mutant::hooks_swallow_stop: swallow_stop(event, now, out); return;
    case Mutant::respawn_arms_nothing:
      core_.handle(event, now, out);
      forget_backoff(out);
      return;
    case Mutant::readiness_ignored:
      core_.handle(event, now, out);
      if (const auto* spawned = std::get_if<Spawned>(&event)) {
        core_.handle(Ready{spawned->service, spawned->generation}, now, out);
      }
      return;
  }
}

Event CoreUnderTest::with_current_timer(const Event& event) const {
  const auto* fired = std::get_if<TimerFired>(&event);
  if (fired == nullptr || fired->token.owner > core_.plan().size()) return event;
  const std::uint32_t owner = fired->token.owner;
  const bool container = owner == core_.plan().size();
  const std::uint32_t current =
      container ? core_.armed_serial() : core_.service(ServiceId{owner}).armed_serial();
  return TimerFired{{owner, current == 0 ? fired->token.serial : current}};
}

Event CoreUnderTest::with_current_hook(const Event& event) const {
  const auto* ended = std::get_if<HookEnded>(&event);
  if (ended == nullptr) return event;
  const HookRun awaited = core_.service(ended->service).hook_awaited();
  if (awaited == HookRun{0}) return event;
  return HookEnded{ended->service, awaited, ended->status};
}

Event CoreUnderTest::with_current_probe(const Event& event) const {
  const auto* probed = std::get_if<Probed>(&event);
  if (probed == nullptr) return event;
  const ProbeRun awaited = core_.monitor(probed->service)->probe_awaited();
  if (awaited == ProbeRun{0}) return event;
  return Probed{probed->service, awaited, probed->result};
}

void CoreUnderTest::forget_backoff(Commands& out) const {
  std::erase_if(out, [this](const Command& command) {
    const auto* armed = std::get_if<ArmTimer>(&command);
    if (armed == nullptr || armed->token.owner >= core_.plan().size()) return false;
    return core_.service(ServiceId{armed->token.owner}).phase() == Phase::backoff;
  });
}

void CoreUnderTest::swallow_stop(const Event& event, Time now, Commands& out) {
  std::vector<Phase> before;
  for (std::uint32_t i = 0; i < core_.plan().size(); ++i) {
    before.push_back(core_.service(ServiceId{i}).phase());
  }
  core_.handle(event, now, out);
  std::erase_if(out, [&](const Command& command) {
    const auto* signal = std::get_if<Signal>(&command);
    if (signal == nullptr) return false;
    return before[index(signal->service)] == Phase::quiescing &&
           signal->signo == core_.plan()[signal->service].stop.signal;
  });
}

}  // namespace pid1::model
