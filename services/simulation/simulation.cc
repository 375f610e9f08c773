#include "services/simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "services/shutdown.h"

namespace pid1 {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

using Stage = Orchestrator::Stage;

// Half of what it may take at the most: a probe that works is never late.
Duration within(Duration limit) { return std::min(Simulation::kMoment, limit / 2); }

}  // namespace

Simulation::Simulation(const Plan& plan, Circumstances circumstances)
    : plan_(&plan),
      circumstances_(std::move(circumstances)),
      core_(plan, circumstances_.seed),
      world_(plan),
      pinged_(plan.size()) {
  std::ranges::stable_sort(circumstances_.incidents, {}, &Incident::at);
}

void Simulation::run(const Observer& observe) {
  happen(Booted{}, observe);
  while (!world_.exit_code()) {
    const Next step = next();
    const bool beyond = circumstances_.until && step.at.time_since_epoch() > *circumstances_.until;
    if (beyond || step.at == Time::max()) return;
    world_.pass_time_until(step.at);
    if (step.incident != nullptr) {
      befall(*step.incident, observe);
    } else {
      happen(*step.event, observe);
    }
  }
}

void Simulation::happen(const Event& event, const Observer& observe) {
  if (const auto* pinged = std::get_if<WatchdogPinged>(&event)) {
    pinged_[index(pinged->service)] = world_.now();
  }
  if (std::holds_alternative<SignalReceived>(event)) stop_sent_ = true;
  commands_.clear();
  world_.befall(event);
  core_.handle(event, world_.now(), commands_);
  world_.carry_out(commands_);
  observe(elapsed(), event, commands_);
}

void Simulation::befall(const Incident& incident, const Observer& observe) {
  const Incident now = incident;
  std::erase_if(circumstances_.incidents, [&](const Incident& one) { return &one == &incident; });
  if (now.kind == Incident::Kind::is_restarted) {
    return happen(RestartRequested{now.service}, observe);
  }
  const Presence& service = world_.service(now.service);
  if (service.main != Presence::Main::alive) {
    missed_.push_back(now);
    return;
  }
  happen(ProcessEnded{now.service, service.generation, Exited{now.code}}, observe);
}

// The first of those at the same time: what processes do by themselves, service by service, then
// what was arranged, then timers, and somebody's patience last.
Simulation::Next Simulation::next() const {
  Next next;
  for (std::uint32_t i = 0; i < plan_->size(); ++i) {
    const ServiceId id{i};
    offer_processes(id, next);
    offer_hook(id, next);
    offer_probe(id, next);
    offer_notices(id, next);
  }
  if (world_.rest_awaited() && !world_.anything_left() && !next.event) {
    next = {world_.now(), AllReaped{}};
  }
  offer_incidents(next);
  offer_timers(next);
  offer_stop(next);
  return next;
}

void Simulation::offer_processes(ServiceId id, Next& next) const {
  const Presence& service = world_.service(id);
  const ServiceSpec& spec = (*plan_)[id];
  const auto offer = [&](Time at, ExitStatus status) {
    if (at < next.at) next = {at, ProcessEnded{id, service.generation, status}};
  };
  switch (service.main) {
    case Presence::Main::none: return;
    case Presence::Main::asked:
      if (world_.now() < next.at) next = {world_.now(), Spawned{id, service.generation}};
      return;
    case Presence::Main::alive: break;
  }
  if (service.heard_kill) return offer(world_.now(), Signaled{kSigKill});
  if (service.heard_stop && !is_deaf(id)) {
    return offer(later(service.stop_heard, kMoment), Signaled{spec.stop.signal});
  }
  if (spec.type == ServiceType::oneshot && !is_deaf(id)) {
    offer(later(service.running_since, kMoment), Exited{0});
  }
}

void Simulation::offer_hook(ServiceId id, Next& next) const {
  const Presence& service = world_.service(id);
  if (!service.hook_lives) return;
  const bool told = service.hook_heard_stop || service.hook_heard_kill;
  const Time at = told ? world_.now() : later(service.hook_since, kMoment);
  const int signo = service.hook_heard_kill ? kSigKill : kSigTerm;
  const ExitStatus status = told ? ExitStatus(Signaled{signo}) : ExitStatus(Exited{0});
  if (at < next.at) next = {at, HookEnded{id, service.hook, status}};
}

void Simulation::offer_probe(ServiceId id, Next& next) const {
  const Presence& service = world_.service(id);
  if (!service.probe_lives) return;
  const Time at = later(service.probe_since, within((*plan_)[id].health->timeout));
  if (at < next.at) next = {at, Probed{id, service.probe, health(id, at)}};
}

void Simulation::offer_notices(ServiceId id, Next& next) const {
  const Presence& service = world_.service(id);
  const ServiceSpec& spec = (*plan_)[id];
  if (service.main != Presence::Main::alive) return;
  const bool says_so = spec.readiness.kind != Readiness::Kind::none;
  if (says_so && !service.said_ready) {
    const Time at = std::max(world_.now(), ready_at(id).value_or(world_.now()));
    if (at < next.at) next = {at, Ready{id, service.generation}};
  }
  if (!spec.watchdog || *spec.watchdog <= Duration::zero()) return;
  const Time since = std::max(pinged_[index(id)], service.running_since);
  const Time at = std::max(world_.now(), later(since, *spec.watchdog / 2));
  if (at < next.at) next = {at, WatchdogPinged{id, service.generation}};
}

void Simulation::offer_incidents(Next& next) const {
  for (const Incident& incident : circumstances_.incidents) {
    const bool comes =
        incident.kind == Incident::Kind::ends || incident.kind == Incident::Kind::is_restarted;
    if (!comes) continue;
    const Time at = std::max(world_.now(), Time{incident.at});
    if (at < next.at) next = {at, std::nullopt, &incident};
  }
}

void Simulation::offer_timers(Next& next) const {
  for (std::size_t owner = 0; owner < world_.timers(); ++owner) {
    const Timer& timer = world_.timer(owner);
    if (timer.serial == 0 || timer.due >= next.at) continue;
    next = {timer.due, TimerFired{{static_cast<std::uint32_t>(owner), timer.serial}}};
  }
}

void Simulation::offer_stop(Next& next) const {
  if (stop_sent_ || core_.stage() != Stage::supervising) return;
  Time at = Time{circumstances_.stop_at.value_or(kLongest)};
  const bool rests = !circumstances_.stop_at && !circumstances_.until && is_settled();
  if (rests) at = world_.now();
  const bool unasked = circumstances_.until && !circumstances_.stop_at;
  if (unasked) return;
  at = std::max(at, world_.now());
  if (at < next.at || rests) next = {at, SignalReceived{.signo = kSigTerm}};
}

bool Simulation::is_settled() const {
  const bool arranged = std::ranges::any_of(
      circumstances_.incidents,
      [&](const Incident& incident) { return Time{incident.at} > world_.now(); });
  if (arranged) return false;
  for (std::uint32_t i = 0; i < plan_->size(); ++i) {
    if (!is_settled(ServiceId{i})) return false;
  }
  return true;
}

// Whether nothing but its checks and signs of life, or a stop, will happen to it.
bool Simulation::is_settled(ServiceId id) const {
  const Lifecycle& life = core_.service(id);
  if (world_.service(id).hook_lives) return false;
  switch (life.phase()) {
    case Phase::stopped:
    case Phase::waiting:
    case Phase::exited:
    case Phase::failed: return true;
    case Phase::running: {
      const bool ends = (*plan_)[id].type == ServiceType::oneshot && !is_deaf(id);
      const bool sickens =
          core_.health(id) == Health::healthy && health(id, world_.now()) == ProbeResult::unhealthy;
      return life.ready() && core_.health(id) != Health::starting && !sickens && !ends;
    }
    case Phase::preparing:
    case Phase::spawning:
    case Phase::cancelling:
    case Phase::quiescing:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::cleaning:
    case Phase::backoff: return false;
  }
  return true;
}

bool Simulation::is_deaf(ServiceId id) const {
  return std::ranges::find(circumstances_.deaf, id) != circumstances_.deaf.end();
}

ProbeResult Simulation::health(ServiceId id, Time at) const {
  const auto makes_sick = [&](const Incident& incident) {
    const Time since{incident.at};
    return incident.kind == Incident::Kind::becomes_unhealthy && incident.service == id &&
           world_.service(id).running_since <= since && since <= at;
  };
  return std::ranges::any_of(circumstances_.incidents, makes_sick) ? ProbeResult::unhealthy
                                                                   : ProbeResult::healthy;
}

std::optional<Time> Simulation::ready_at(ServiceId id) const {
  for (const Incident& incident : circumstances_.incidents) {
    if (incident.kind == Incident::Kind::becomes_ready && incident.service == id) {
      return Time{incident.at};
    }
  }
  return std::nullopt;
}

}  // namespace pid1
