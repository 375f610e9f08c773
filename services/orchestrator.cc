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
    for (const Edge& edge : plan.dependencies(id)) {
      if (!satisfies(Offer{}, edge)) ++services_.back().unmet;
    }
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
                   const Duration grace = grace_of(e.service, now);
                   const auto outcome = at(e.service).life.process_ended(e, grace, now, out);
                   follow(e.service, outcome, now, out);
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
                   if (stage_ == Stage::lingering || stage_ == Stage::sweeping) finish(out);
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
  visit_.push_back(first);
  while (!visit_.empty()) {
    const ServiceId id = visit_.back();
    visit_.pop_back();
    Service& service = at(id);
    const bool was_leaving = leaving(service);
    service.wanted = true;
    if (service.life.settled()) {
      change(id, [](Lifecycle& life) { life.request(); });
    } else if (was_leaving) {
      service.again = true;  // others count on its leaving: it comes back after it
    }
    for (const Edge& edge : plan_->dependencies(id)) {
      const Service& dependency = at(edge.service);
      const bool needed = edge.required && !satisfies(dependency.offer, edge);
      if (needed && (dependency.life.settled() || !dependency.wanted)) {
        visit_.push_back(edge.service);
      }
    }
  }
}

// Stops the service and, before it, all that require it.
void Orchestrator::request_stop(ServiceId first, Commands& out) {
  if (stage_ != Stage::supervising) return;
  visit_.push_back(first);
  while (!visit_.empty()) {
    const ServiceId id = visit_.back();
    visit_.pop_back();
    Service& service = at(id);
    const bool asked_before = !service.wanted && !service.again;
    if (asked_before || service.life.settled()) continue;
    service.wanted = false;
    service.again = false;
    if (!service.life.has_process()) drop(id, out);
    changed_.push_back(id);
    for (const Edge& edge : plan_->dependents(id)) {
      if (edge.required) visit_.push_back(edge.service);
    }
  }
}

// Stops the service and those that follow its restarts, in order, then starts them again. Of those
// that follow, one that somebody stops stays stopped, and one that waits waits on.
void Orchestrator::request_restart(ServiceId first, Commands& out) {
  if (stage_ != Stage::supervising) return;
  request_start(first);
  visit_.push_back(first);
  while (!visit_.empty()) {
    const ServiceId id = visit_.back();
    visit_.pop_back();
    Service& service = at(id);
    const bool runs = !service.life.settled() && service.life.phase() != Phase::waiting;
    if (runs) service.again = true;
    if (runs && !service.life.has_process()) drop(id, out);
    changed_.push_back(id);
    for (const Edge& edge : plan_->dependents(id)) {
      const Service& dependent = at(edge.service);
      const bool follows = edge.restart && dependent.wanted && !dependent.again;
      const bool is_up = !dependent.life.settled() && dependent.life.phase() != Phase::waiting;
      if (follows && is_up) visit_.push_back(edge.service);
    }
  }
}

void Orchestrator::follow(ServiceId id, Lifecycle::Outcome outcome, Time now, Commands& out) {
  switch (outcome) {
    case Lifecycle::Outcome::nothing: return;
    case Lifecycle::Outcome::launched:
      ran_ = true;
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

}  // namespace pid1
