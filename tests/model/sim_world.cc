#include "tests/model/sim_world.h"

#include <algorithm>

namespace pid1::model {

namespace {

// A restart that nobody counts follows an action that overrules the policy's limit.
void count_restart(Past& service, std::uint32_t attempt, Duration pause, Time now) {
  if (attempt == 0) {
    service.restarts.clear();
  } else {
    service.restarts.push_back(now);
    for (Time& at : service.restarts) at = later(at, pause);
  }
}

// Whether a service without a process was asked to start, or dropped, in this step.
bool starts_afresh(const Event& event, Phase was, Phase is) {
  if (was == is) return false;
  if (is == Phase::stopped || is == Phase::waiting) return true;
  switch (was) {
    case Phase::stopped:
    case Phase::exited:
    case Phase::failed: return true;
    case Phase::backoff: return std::holds_alternative<RestartRequested>(event);
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::running:
    case Phase::cancelling:
    case Phase::quiescing:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::cleaning: return false;
  }
  return false;
}

bool asks(const Plan& plan, int signo) {
  switch (plan.container().signals[static_cast<std::size_t>(signo)].kind) {
    case SignalRule::Kind::shutdown: return true;
    case SignalRule::Kind::forward:
    case SignalRule::Kind::reload: return asks_for_end(signo);
    case SignalRule::Kind::ignore:
    case SignalRule::Kind::reopen: return false;
  }
  return false;
}

// Whose service's processes the event is about.
std::optional<ServiceId> concerned(const Event& event) {
  return std::visit(
      [](const auto& e) -> std::optional<ServiceId> {
        if constexpr (requires { e.service; }) return e.service;
        return std::nullopt;
      },
      event);
}

bool takes_grace(Phase phase) {
  switch (phase) {
    case Phase::cancelling:
    case Phase::quiescing:
    case Phase::stopping:
    case Phase::draining:
    case Phase::cleaning: return true;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::running:
    case Phase::killing:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return false;
  }
  return false;
}

}  // namespace

Duration share_of(Duration grace, Duration path, Duration remaining) {
  if (path <= remaining) return grace;
  if (remaining <= Duration::zero()) return Duration::zero();
  __extension__ using Wide = __int128;
  return Duration(static_cast<Duration::rep>(static_cast<Wide>(grace.count()) * remaining.count() /
                                             path.count()));
}

SimWorld::SimWorld(const Plan& told, const Plan& truth, Mutant mutant)
    : core_(told, mutant), world_(truth), pasts_(truth.size()) {}

void SimWorld::happen(const Event& event, Commands& out) {
  out.clear();
  unhealthy_now_ = false;
  record_fact(event);
  world_.befall(event);
  core_.handle(event, now(), out);
  world_.carry_out(out);
  for (const Command& command : out) record_command(command);
  record_step(event);
}

bool SimWorld::leaving(ServiceId id) const {
  return core().stage() != Orchestrator::Stage::supervising || !core().wanted(id) ||
         core().restarting(id) || core().doomed_by(id);
}

bool SimWorld::ready(ServiceId id) const {
  const ServiceSpec& spec = plan()[id];
  const bool said = spec.readiness.kind == Readiness::Kind::none || reality(id).said_ready;
  return phase(id) == Phase::running && said && past(id).completed == spec.hooks.post_start.size();
}

bool SimWorld::healthy(ServiceId id) const {
  return ready(id) && (!plan()[id].health || past(id).health == Health::healthy);
}

void SimWorld::record_fact(const Event& event) {
  if (const auto* restart = std::get_if<RestartRequested>(&event)) mark_followers(restart->service);
  if (std::holds_alternative<Spawned>(event)) ran_ = true;
  const auto id = concerned(event);
  if (id) at(*id).befall(event, reality(*id), plan()[*id], now(), latest_grace(*id));
  const auto* fired = std::get_if<TimerFired>(&event);
  if (fired != nullptr && timer(fired->token.owner).serial == fired->token.serial) {
    if (fired->token.owner < size()) return pass_limit(ServiceId{fired->token.owner});
    if (fired->token.owner > size()) {
      const ServiceId checked = health_timer_service(plan(), fired->token.owner);
      if (reality(checked).probe_lives) end_probe(checked, ProbeResult::unhealthy);
    }
  }
  if (!id) return;
  if (const auto* refused = std::get_if<SpawnFailed>(&event)) {
    if (refused->fault == SpawnFault::system && leaving(*id)) at(*id).forget_runs();
  }
  const Presence& there = reality(*id);
  if (const auto* probed = std::get_if<Probed>(&event)) {
    if (there.probe_lives && probed->run == there.probe) end_probe(*id, probed->result);
  } else if (const auto* triggered = std::get_if<WatchdogTriggered>(&event)) {
    if (triggered->generation == there.generation) condemn(*id, Verdict::silent);
  } else if (const auto* ended = std::get_if<HookEnded>(&event)) {
    const bool is_late = !there.hook_lives || ended->run != there.hook || there.hook_heard_kill;
    const bool failed =
        there.hook_point == HookPoint::post_start && pid1::exit_code(ended->status) != 0;
    if (!is_late && failed) condemn(*id, Verdict::hook_failed);
  }
}

void SimWorld::pass_limit(ServiceId id) {
  condemn(id, past(id).limit_passed(std::max(now(), timer(index(id)).due)));
}

void SimWorld::end_probe(ServiceId id, ProbeResult result) {
  const Health was = past(id).health;
  at(id).end_probe(result, *plan()[id].health, reality(id).probe_since);
  if (was == Health::unhealthy || past(id).health != Health::unhealthy || leaving(id)) return;
  if (plan()[id].on_unhealthy == EndAction::restart) condemn(id, Verdict::unhealthy);
  if (plan()[id].on_unhealthy == EndAction::shutdown) unhealthy_now_ = true;
}

// One that is to stop anyway waits for its dependents.
void SimWorld::condemn(ServiceId id, Verdict verdict) {
  if (phase(id) == Phase::running && !leaving(id)) at(id).verdict = verdict;
}

void SimWorld::mark_followers(ServiceId restarted) {
  at(restarted).to_restart = true;
  for (const Edge& edge : plan().dependents(restarted)) {
    if (past(edge.service).to_restart) continue;
    const bool is_up = core().service(edge.service).has_process();
    if (edge.restart && is_up && core().wanted(edge.service)) mark_followers(edge.service);
  }
}

void SimWorld::record_command(const Command& command) {
  if (const auto* spawn = std::get_if<Spawn>(&command)) {
    at(spawn->service).to_restart = false;
    at(spawn->service).verdict = Verdict::none;
  } else if (const auto* hook = std::get_if<RunHook>(&command)) {
    if (hook->point == HookPoint::pre_start) at(hook->service).verdict = Verdict::none;
  } else if (const auto* fact = std::get_if<Announce>(&command)) {
    record(*fact);
  }
}

void SimWorld::record(const Announce& fact) {
  if (fact.fact == Fact::hurried || fact.fact == Fact::deadline_passed) hurried_ = true;
  if (fact.fact == Fact::sweep_abandoned) abandoned_ = true;
  if (fact.fact == Fact::stopped) at(fact.service).forget_runs();
  if (fact.fact == Fact::dependency_failed) at(fact.service).out_of_memory = false;
  if (fact.fact == Fact::restarting) {
    count_restart(at(fact.service), fact.attempt, fact.delay, now());
  }
}

void SimWorld::record_step(const Event& event) {
  const bool begins = !shutdown_since_ && core().cause().has_value();
  if (begins) shutdown_since_ = now();
  unhealthy_then_ = unhealthy_then_ || (begins && unhealthy_now_);
  const auto* signal = std::get_if<SignalReceived>(&event);
  if (signal != nullptr && asks(plan(), signal->signo)) asked_ = true;
  for (std::size_t i = 0; i < pasts_.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    Past& service = pasts_[i];
    const Phase was = service.phase;
    const Phase is = core().service(id).phase();
    service.phase = is;
    if (is == Phase::stopped) service.to_restart = false;
    record_grace(id, was, begins);
    if (starts_afresh(event, was, is)) service.forget_runs();
    if (begins && was != is && is == Phase::failed) failed_then_.push_back(id);
    if (!plan()[id].health) continue;
    const bool supervised = core().stage() == Orchestrator::Stage::supervising;
    if (is != Phase::running || !supervised) {
      service.end_check();
    } else if (was != Phase::running) {
      service.begin_check(now());
    }
  }
}

// What it depends on, and its own hooks, have all of their time after it.
Time SimWorld::latest_grace(ServiceId id) const {
  if (!shutdown_since_) return Time::max();
  const Time end = deadlines_from(*shutdown_since_, plan().stop_budget()).graces;
  return end - (plan().stop_path(id) - plan()[id].stop.grace);
}

void SimWorld::record_grace(ServiceId id, Phase was, bool shutdown_begins) {
  Past& service = at(id);
  const Phase is = service.phase;
  const Duration grace = plan()[id].stop.grace;
  bool begins = is != was && takes_grace(is);
  if (is == Phase::stopping && was == Phase::quiescing) begins = false;
  if (is == Phase::draining && was != Phase::running) begins = false;
  if (begins) {
    service.kill_allowed = later(now(), grace);
    service.hooks_allowed = later(now(), grace / 2);
  }
  if (!shutdown_since_ || !(begins || (shutdown_begins && takes_grace(is)))) return;
  const Duration remaining = deadlines_from(*shutdown_since_, plan().stop_budget()).graces - now();
  const Duration share = share_of(grace, plan().stop_path(id), remaining);
  service.kill_allowed = std::min(service.kill_allowed, later(now(), share));
  service.hooks_allowed = std::min(service.hooks_allowed, later(now(), share / 2));
}

}  // namespace pid1::model
