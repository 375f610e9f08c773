#include "tests/model/life.h"

#include <algorithm>

#include "tests/model/hook_rules.h"

namespace pid1::model {

namespace {

using Found = std::optional<Violation>;
using Main = Presence::Main;

Found check_probe(const Step& step, const Probe& probe) {
  const Presence& before = step.before.reality(probe.service);
  const bool new_run = probe.run > before.probe;
  const bool is_due = timer_fired(step, health_timer_owner(step.after.plan(), probe.service));
  if (new_run && is_due && !before.probe_lives) return std::nullopt;
  return Violation{Invariant::one_incarnation,
                   step.after.plan()[probe.service].name + " was probed out of turn"};
}

Found check_probe_stop(const Step& step, const StopProbe& stop) {
  const Presence& before = step.before.reality(stop.service);
  if (before.probe_lives && stop.run == before.probe) return std::nullopt;
  return Violation{Invariant::one_incarnation,
                   step.after.plan()[stop.service].name + " had a probe stopped after its end"};
}

Found check_command(const Step& step, const Command& command) {
  if (const auto* probe = std::get_if<Probe>(&command)) return check_probe(step, *probe);
  if (const auto* stop = std::get_if<StopProbe>(&command)) return check_probe_stop(step, *stop);
  return std::nullopt;
}

// Its health, and whether it is ready, are what was reported.
Found check_reports(const SimWorld& world, ServiceId id) {
  if (world.core().health(id) != world.past(id).health) {
    return Violation{Invariant::policy_decides,
                     world.plan()[id].name + " is not as healthy as its check says"};
  }
  if (world.core().service(id).ready() != world.ready(id)) {
    return Violation{Invariant::policy_decides,
                     world.plan()[id].name + " is not as ready as it says"};
  }
  return std::nullopt;
}

// Its check goes on exactly while it runs; a probe is answered, or stopped in its time.
Found check_monitor(const SimWorld& world, ServiceId id) {
  if (!world.plan()[id].health) return std::nullopt;
  const bool supervised = world.core().stage() == Orchestrator::Stage::supervising;
  const bool due = supervised && world.phase(id) == Phase::running;
  const bool armed = world.health_timer(id).serial != 0;
  const bool active = world.core().monitor(id)->active();
  const bool probes = world.reality(id).probe_lives;
  if (active == due && armed == due && (!probes || due)) return std::nullopt;
  return Violation{Invariant::always_moving,
                   world.plan()[id].name + " is checked, or not, against the rules"};
}

// Whoever runs and may go on has a timer for the next limit, but for one that passed already.
Found check_limits(const SimWorld& world, ServiceId id) {
  if (world.phase(id) != Phase::running || world.leaving(id)) return std::nullopt;
  const Time earliest = world.past(id).earliest_limit();
  const Timer& timer = world.timer(index(id));
  const bool watched = timer.serial != 0 && timer.due <= std::max(earliest, world.now());
  if (earliest == Time::max() || watched) return std::nullopt;
  return Violation{Invariant::always_moving,
                   world.plan()[id].name + " has a limit without a timer"};
}

// What may not go on as it is stops, at once and for that reason alone.
Found check_verdict(const Step& step, ServiceId id) {
  const Verdict is = step.after.past(id).verdict;
  if (is == Verdict::none || step.before.past(id).verdict != Verdict::none) return std::nullopt;
  const Phase phase = step.after.phase(id);
  const bool stops = phase == Phase::quiescing || phase == Phase::stopping;
  if (stops && step.after.core().service(id).verdict() == is) return std::nullopt;
  return Violation{Invariant::policy_decides,
                   step.after.plan()[id].name + " goes on though it may not"};
}

}  // namespace

bool moves(const SimWorld& world, ServiceId id) {
  const Presence& service = world.reality(id);
  const ServiceSpec& spec = world.plan()[id];
  const bool armed = world.timer(index(id)).serial != 0;
  const bool alive = service.main == Main::alive;
  const bool gone = service.main == Main::none;
  // A hook whose time is over, or that is killed with all the rest, needs no timer.
  const bool hook_ends = service.hook_lives && (service.hook_heard_kill || armed);
  const bool limited = spec.watchdog || spec.max_runtime ||
                       spec.readiness.kind == Readiness::Kind::notify || spec.readiness.timeout;
  switch (world.phase(id)) {
    case Phase::preparing: return gone && service.hook_lives && !service.hook_heard_kill && !armed;
    case Phase::spawning: return service.main == Main::asked && !armed;
    case Phase::running: return alive && (!armed || limited);
    case Phase::cancelling: {
      const bool told = service.hook_heard_stop || service.hook_heard_kill;
      return gone && hook_ends && told;
    }
    case Phase::quiescing: return (alive || gone) && hook_ends;
    case Phase::stopping: return alive && service.heard_stop && armed;
    case Phase::killing: return alive && service.heard_kill && !armed;
    case Phase::draining: return gone && service.watched && armed;
    case Phase::cleaning: return gone && hook_ends;
    case Phase::backoff: return gone && armed;
    case Phase::waiting:
    case Phase::stopped:
    case Phase::exited:
    case Phase::failed: return gone && !armed;
  }
  return false;
}

std::optional<Violation> find_life_violation(const Step& step) {
  if (auto found = find_hook_violation(step)) return found;
  for (const Command& command : step.commands) {
    if (auto found = check_command(step, command)) return found;
  }
  if (step.after.core().stage() == Orchestrator::Stage::finished) return std::nullopt;
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    if (auto found = check_verdict(step, id)) return found;
    if (auto found = check_reports(step.after, id)) return found;
    if (auto found = check_monitor(step.after, id)) return found;
    if (auto found = check_limits(step.after, id)) return found;
  }
  return std::nullopt;
}

}  // namespace pid1::model
