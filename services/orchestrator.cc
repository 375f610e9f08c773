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
    if (!plan[id].health) continue;
    services_.back().monitor = static_cast<std::uint32_t>(monitors_.size());
    monitors_.emplace_back(id, *plan[id].health, health_timer_owner(plan, id), seed);
  }
  changed_.reserve(plan.size());
}

void Orchestrator::handle(const Event& event, Time now, Commands& out) {
  dispatch(event, now, out);
  settle(now, out);
}

template <typename Fact>
void Orchestrator::apply(ServiceId id, Time now, Commands& out, Fact fact) {
  Lifecycle::Outcome outcome{};
  change(id, [&](Lifecycle& life) { outcome = fact(life, moment(id, now)); });
  follow(id, outcome, now, out);
}

void Orchestrator::dispatch(const Event& event, Time now, Commands& out) {
  using Moment = Lifecycle::Moment;
  std::visit(
      Overloaded{
          [&](const Booted&) { boot(); },
          [&](const StartRequested& e) { request_start(e.service); },
          [&](const StopRequested& e) { request_stop(e.service, now, out); },
          [&](const RestartRequested& e) { request_restart(e.service, now, out); },
          [&](const ReloadRequested& e) { reload(e.service, out); },
          [&](const Spawned& e) {
            apply(e.service, now, out,
                  [&](Lifecycle& life, Moment) { return life.spawned(e.generation, now, out); });
          },
          [&](const SpawnFailed& e) {
            apply(e.service, now, out,
                  [&](Lifecycle& life, Moment at) { return life.spawn_failed(e, at, out); });
            const Service& service = at(e.service);
            const bool pauses = service.life.phase() == Phase::backoff;
            // One that is doomed fails when all is told.
            if (pauses && leaving(service) && !service.doomed_by) drop(e.service, now, out);
          },
          [&](const Ready& e) {
            apply(e.service, now, out, [&](Lifecycle& life, Moment) {
              return life.became_ready(e.generation, now, out);
            });
          },
          [&](const WatchdogPinged& e) { at(e.service).life.showed_life(e.generation, now); },
          [&](const WatchdogTriggered& e) {
            apply(e.service, now, out,
                  [&](Lifecycle& life, Moment) { return life.fell_silent(e.generation); });
          },
          [&](const WatchdogChanged& e) { at(e.service).life.changed_watchdog(e, now, out); },
          [&](const TimeoutExtended& e) {
            at(e.service).life.extended_timeout(e, now, latest_grace(e.service), out);
          },
          [&](const ProcessEnded& e) {
            apply(e.service, now, out,
                  [&](Lifecycle& life, Moment at) { return life.process_ended(e, at, out); });
          },
          [&](const GroupEmptied& e) {
            apply(e.service, now, out, [&](Lifecycle& life, Moment at) {
              return life.group_emptied(e.generation, at, out);
            });
          },
          [&](const HookEnded& e) {
            apply(e.service, now, out,
                  [&](Lifecycle& life, Moment at) { return life.hook_ended(e, at, out); });
          },
          [&](const Probed& e) {
            HealthMonitor* monitor = monitor_of(e.service);
            if (monitor != nullptr && monitor->probed(e, now, out)) {
              follow_health(e.service, now, out);
            }
          },
          [&](const TimerFired& e) { fire(e.token, now, out); },
          [&](const SignalReceived& e) { receive(e, now, out); },
          [&](const AllReaped&) {
            if (stage_ == Stage::lingering || stage_ == Stage::sweeping) finish(out);
          },
      },
      event);
}

void Orchestrator::fire(TimerToken token, Time now, Commands& out) {
  if (token.owner == plan_->size()) return container_timer_fired(token.serial, now, out);
  if (token.owner < plan_->size()) {
    return apply(ServiceId{token.owner}, now, out, [&](Lifecycle& life, Lifecycle::Moment at) {
      return life.timer_fired(token.serial, at, out);
    });
  }
  const ServiceId id = health_timer_service(*plan_, token.owner);
  HealthMonitor* monitor = monitor_of(id);
  if (monitor != nullptr && monitor->timer_fired(token.serial, now, out)) {
    follow_health(id, now, out);
  }
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
    service.doomed_by.reset();
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
void Orchestrator::request_stop(ServiceId first, Time now, Commands& out) {
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
    service.doomed_by.reset();
    if (!service.life.has_process()) drop(id, now, out);
    changed_.push_back(id);
    for (const Edge& edge : plan_->dependents(id)) {
      if (edge.required) visit_.push_back(edge.service);
    }
  }
}

// Stops the service and those that follow its restarts, in order, then starts them again. Of those
// that follow, one that somebody stops stays stopped, and one that waits waits on.
void Orchestrator::request_restart(ServiceId first, Time now, Commands& out) {
  if (stage_ != Stage::supervising) return;
  request_start(first);
  visit_.push_back(first);
  while (!visit_.empty()) {
    const ServiceId id = visit_.back();
    visit_.pop_back();
    Service& service = at(id);
    const bool runs = !service.life.settled() && service.life.phase() != Phase::waiting;
    if (runs) {
      service.again = true;
      service.doomed_by.reset();
    }
    if (runs && !service.life.has_process()) drop(id, now, out);
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
    case Lifecycle::Outcome::changed:
      ran_ = true;
      if (hurried_) at(id).life.kill(now, out);
      return;
    case Lifecycle::Outcome::condemned:
      // One that is to stop waits for its dependents all the same.
      if (leaving(at(id))) return;
      change(id, [&](Lifecycle& life) { life.fail(life.verdict(), moment(id, now), out); });
      return;
    case Lifecycle::Outcome::gone: resolve(id, now, out); return;
    case Lifecycle::Outcome::retry: change(id, [&](Lifecycle& life) { life.spawn(out); }); return;
  }
}

// The process is gone: what its service becomes.
void Orchestrator::resolve(ServiceId id, Time now, Commands& out) {
  Service& service = at(id);
  const bool is_lost =
      service.doomed_by && service.wanted && !service.again && stage_ == Stage::supervising;
  if (is_lost) return lose(id, *service.doomed_by, now, out);
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
void Orchestrator::drop(ServiceId id, Time now, Commands& out) {
  Service& service = at(id);
  change(id, [&](Lifecycle& life) {
    life.drop(moment(id, now), out);
    if (service.again && life.settled()) life.request();
  });
  if (!service.life.has_process()) service.again = false;
}

// It has no process, and can't have one: `dependency` failed.
void Orchestrator::lose(ServiceId id, ServiceId dependency, Time now, Commands& out) {
  const auto& status = at(dependency).life.last_status();
  change(id, [&](Lifecycle& life) { life.fail_with(dependency, status, out); });
  at(id).doomed_by.reset();
  conclude(id, now, out);
}

// The service ended for good, by itself: what that means for the others.
void Orchestrator::conclude(ServiceId id, Time now, Commands& out) {
  const ServiceSpec& spec = (*plan_)[id];
  const Lifecycle& life = at(id).life;
  const bool failed = life.phase() == Phase::failed;
  const EndAction action = failed ? life.failure_action() : spec.on_success;
  if (action == EndAction::shutdown || plan_->container().exit_code_from == spec.name) {
    return begin_shutdown(
        {.kind = failed ? ShutdownCause::Kind::service_failed : ShutdownCause::Kind::service_ended,
         .service = id},
        now, out);
  }
  if (failed) take_down_dependents(id);
}

// All that require it and are up go down, each after its own dependents. Those that wait for it are
// told by its offer.
void Orchestrator::take_down_dependents(ServiceId failed) {
  if (stage_ != Stage::supervising) return;
  visit_.push_back(failed);
  while (!visit_.empty()) {
    const ServiceId id = visit_.back();
    visit_.pop_back();
    for (const Edge& edge : plan_->dependents(id)) {
      Service& dependent = at(edge.service);
      const bool is_up = !dependent.life.settled() && dependent.life.phase() != Phase::waiting;
      if (!edge.required || !is_up || leaving(dependent)) continue;
      dependent.doomed_by = failed;
      changed_.push_back(edge.service);
      visit_.push_back(edge.service);
    }
  }
}

}  // namespace pid1
