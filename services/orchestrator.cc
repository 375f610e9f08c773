#include "services/orchestrator.h"

#include <algorithm>

namespace pid1 {

namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Orchestrator::Orchestrator(const Plan& plan, std::uint64_t seed) : plan_(&plan) {
  services_.reserve(plan.size());
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    services_.push_back({.life = Lifecycle(id, plan[id], seed)});
  }
  changed_.reserve(plan.size());
}

void Orchestrator::handle(const Event& event, Time now, Commands& out) {
  dispatch(event, now, out);
  settle(now, out);
}

void Orchestrator::dispatch(const Event& event, Time now, Commands& out) {
  std::visit(Overloaded{
                 [&](const Booted&) { boot(); },
                 [&](const StartRequested& e) { request_start(e.service); },
                 [&](const StopRequested& e) { request_stop(e.service, out); },
                 [&](const RestartRequested& e) { request_restart(e.service, out); },
                 [&](const Spawned& e) {
                   follow(e.service, at(e.service).life.spawned(e.generation, now, out), now, out);
                 },
                 [&](const SpawnFailed& e) {
                   Lifecycle::Outcome outcome{};
                   change(e.service, [&](Lifecycle& life) { outcome = life.spawn_failed(e, out); });
                   const Service& service = at(e.service);
                   const bool pauses = service.life.phase() == Phase::backoff;
                   if (pauses && leaving(service)) return drop(e.service, out);
                   follow(e.service, outcome, now, out);
                 },
                 [&](const ProcessEnded& e) {
                   follow(e.service, at(e.service).life.process_ended(e, now, out), now, out);
                 },
                 [&](const GroupEmptied& e) {
                   follow(e.service, at(e.service).life.group_emptied(e.generation, out), now, out);
                 },
                 [&](const TimerFired& e) {
                   if (e.token.owner == plan_->size())
                     return container_timer_fired(e.token.serial, out);
                   const ServiceId id{e.token.owner};
                   follow(id, at(id).life.timer_fired(e.token.serial, out), now, out);
                 },
                 [&](const SignalReceived& e) { receive(e, now, out); },
                 [&](const AllReaped&) {
                   if (stage_ == Stage::sweeping) finish(out);
                 },
             },
             event);
}

void Orchestrator::boot() {
  if (stage_ != Stage::created) return;
  stage_ = Stage::supervising;
  for (const ServiceId id : plan_->start_order()) request_start(id);
}

// Asks for the service and, as far as they are needed, for its dependencies.
void Orchestrator::request_start(ServiceId first) {
  if (stage_ != Stage::supervising) return;
  std::vector<ServiceId> asked{first};
  while (!asked.empty()) {
    const ServiceId id = asked.back();
    asked.pop_back();
    Service& service = at(id);
    const bool was_leaving = leaving(service);
    const Phase phase = service.life.phase();
    service.wanted = true;
    if (service.life.settled()) {
      change(id, [](Lifecycle& life) { life.request(); });
      changed_.push_back(id);
    } else if (was_leaving && phase != Phase::spawning && phase != Phase::running) {
      service.again = true;  // its stop signal is out already
    }
    for (const Edge& edge : plan_->dependencies(id)) {
      const Service& dependency = at(edge.service);
      const bool needed = edge.required && !satisfied(edge);
      if (needed && (dependency.life.settled() || !dependency.wanted)) {
        asked.push_back(edge.service);
      }
    }
  }
}

// Stops the service and, before it, all that require it.
void Orchestrator::request_stop(ServiceId first, Commands& out) {
  if (stage_ != Stage::supervising) return;
  std::vector<ServiceId> down{first};
  while (!down.empty()) {
    const ServiceId id = down.back();
    down.pop_back();
    Service& service = at(id);
    const bool asked_before = !service.wanted && !service.again;
    if (asked_before || service.life.settled()) continue;
    service.wanted = false;
    service.again = false;
    if (!service.life.has_process()) drop(id, out);
    changed_.push_back(id);
    for (const Edge& edge : plan_->dependents(id)) {
      if (edge.required) down.push_back(edge.service);
    }
  }
}

// Stops the service and those that follow its restarts, in order, then starts them again.
void Orchestrator::request_restart(ServiceId first, Commands& out) {
  if (stage_ != Stage::supervising) return;
  if (at(first).life.settled()) return request_start(first);
  std::vector<ServiceId> restarted{first};
  while (!restarted.empty()) {
    const ServiceId id = restarted.back();
    restarted.pop_back();
    Service& service = at(id);
    if (service.life.settled() || service.again) continue;
    service.wanted = true;
    service.again = true;
    if (!service.life.has_process()) drop(id, out);
    changed_.push_back(id);
    for (const Edge& edge : plan_->dependents(id)) {
      if (edge.restart) restarted.push_back(edge.service);
    }
  }
}

void Orchestrator::follow(ServiceId id, Lifecycle::Outcome outcome, Time now, Commands& out) {
  switch (outcome) {
    case Lifecycle::Outcome::nothing: return;
    case Lifecycle::Outcome::launched:
      changed_.push_back(id);
      if (hurried_) at(id).life.kill(out);
      return;
    case Lifecycle::Outcome::gone: resolve(id, now, out); return;
    case Lifecycle::Outcome::retry: change(id, [&](Lifecycle& life) { life.spawn(out); }); return;
  }
}

// The process is gone: what its service becomes.
void Orchestrator::resolve(ServiceId id, Time now, Commands& out) {
  Service& service = at(id);
  if (leaving(service)) {
    change(id, [&](Lifecycle& life) {
      life.stopped(out);
      if (service.again) life.request();
    });
    service.again = false;
    return;
  }
  auto resolution = Lifecycle::Resolution::backoff;
  change(id, [&](Lifecycle& life) {
    resolution = life.resolve_end(now, out);
    if (resolution == Lifecycle::Resolution::respawn) life.spawn(out);
  });
  switch (resolution) {
    case Lifecycle::Resolution::respawn:
    case Lifecycle::Resolution::backoff: return;
    case Lifecycle::Resolution::exited:
    case Lifecycle::Resolution::failed: conclude(id, now, out); return;
  }
}

// It has no process, and is not to get one now.
void Orchestrator::drop(ServiceId id, Commands& out) {
  Service& service = at(id);
  change(id, [&](Lifecycle& life) {
    life.drop(out);
    if (service.again) life.request();
  });
  service.again = false;
}

// The service ended for good, by itself: what that means for the others.
void Orchestrator::conclude(ServiceId id, Time now, Commands& out) {
  changed_.push_back(id);
  const ServiceSpec& spec = (*plan_)[id];
  const bool failed = at(id).life.phase() == Phase::failed;
  const EndAction action = failed ? spec.on_failure : spec.on_success;
  if (action == EndAction::shutdown || plan_->container().exit_code_from == spec.name) {
    begin_shutdown(
        {.kind = failed ? ShutdownCause::Kind::service_failed : ShutdownCause::Kind::service_ended,
         .service = id},
        now, out);
  }
}

// Looks at the neighbours of what has changed, until nothing changes. Ends: here a service only
// goes from waiting to spawning or failed, and from running to stopping; never back.
void Orchestrator::settle(Time now, Commands& out) {
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    const ServiceId id = changed_[i];
    start_when_ready(id, now, out);
    stop_when_free(id, now, out);
    for (const Edge& edge : plan_->dependents(id)) start_when_ready(edge.service, now, out);
    for (const Edge& edge : plan_->dependencies(id)) stop_when_free(edge.service, now, out);
  }
  changed_.clear();
  // What a person has stopped a person may start again.
  if (stage_ == Stage::supervising && unsettled_ == 0 &&
      std::ranges::all_of(services_, &Service::wanted)) {
    begin_shutdown({.kind = ShutdownCause::Kind::nothing_left}, now, out);
  }
  if (stage_ == Stage::stopping && alive_ == 0) begin_sweep(now, out);
}

bool Orchestrator::leaving(const Service& service) const {
  return stage_ != Stage::supervising || !service.wanted || service.again;
}

bool Orchestrator::satisfied(const Edge& edge) const {
  const Service& dependency = at(edge.service);
  const Lifecycle& life = dependency.life;
  if (!edge.required && life.settled()) return true;
  if (leaving(dependency)) return false;
  switch (edge.condition) {
    case Condition::started: return life.launched();
    case Condition::completed: return life.phase() == Phase::exited;
  }
  return false;
}

// Whether something that depends on the service has to be gone before it.
bool Orchestrator::held(ServiceId id) const {
  if (stage_ == Stage::stopping) return at(id).dependents_alive > 0;
  return std::ranges::any_of(plan_->dependents(id), [this](const Edge& edge) {
    const Service& dependent = at(edge.service);
    return dependent.life.has_process() && leaving(dependent);
  });
}

void Orchestrator::start_when_ready(ServiceId id, Time now, Commands& out) {
  if (at(id).life.phase() != Phase::waiting || leaving(at(id))) return;
  bool ready = true;
  for (const Edge& edge : plan_->dependencies(id)) {
    if (satisfied(edge)) continue;
    ready = false;
    const Lifecycle& dependency = at(edge.service).life;
    if (dependency.phase() != Phase::failed) continue;
    change(id,
           [&](Lifecycle& life) { life.fail_with(edge.service, dependency.last_status(), out); });
    return conclude(id, now, out);
  }
  if (ready) change(id, [&](Lifecycle& life) { life.spawn(out); });
}

void Orchestrator::stop_when_free(ServiceId id, Time now, Commands& out) {
  Service& service = at(id);
  if (service.life.phase() != Phase::running || !leaving(service) || held(id)) return;
  service.life.stop(grace_of(id, now), now, out);
}

Duration Orchestrator::grace_of(ServiceId id, Time now) const {
  const Duration grace = (*plan_)[id].stop.grace;
  if (stage_ != Stage::stopping) return grace;
  return shared_grace(grace, plan_->stop_path(id), deadlines_.graces - now);
}

}  // namespace pid1
