#include <algorithm>

#include "services/orchestrator.h"

namespace pid1 {

// Tells the neighbours of each service that changed, then lets those move that now can, until
// nothing changes. Ends: here a service only goes from waiting to spawning or failed, and from
// running to stopping; never back. A change costs as much as the service has neighbours, so that a
// whole graph starts and stops in linear time.
void Orchestrator::settle(Time now, Commands& out) {
  std::size_t examined = 0;
  while (!changed_.empty()) {
    tell_neighbours(now, out);
    for (; examined < touched_.size(); ++examined) fail_when_lost(touched_[examined], now, out);
    // Failures first: one that ends the container keeps the rest from starting.
    if (!changed_.empty()) continue;
    for (const ServiceId id : touched_) {
      start_when_ready(id, out);
      stop_when_free(id, now, out);
    }
    touched_.clear();
    examined = 0;
  }
  // What a person has stopped a person may start again.
  if (stage_ == Stage::supervising && !plan_->container().stays && unsettled_ == 0 &&
      std::ranges::all_of(services_, &Service::wanted)) {
    begin_shutdown({.kind = ShutdownCause::Kind::nothing_left}, now, out);
  }
  if (stage_ == Stage::stopping && alive_ == 0) leave_services(now, out);
}

bool Orchestrator::leaving(const Service& service) const {
  return stage_ != Stage::supervising || !service.wanted || service.again || service.doomed_by;
}

bool Orchestrator::satisfies(const Offer& offer, const Edge& edge) {
  if (!edge.required && offer.settled) return true;
  switch (edge.condition) {
    case Condition::started: return offer.started;
    case Condition::healthy: return offer.healthy;
    case Condition::completed: return offer.completed;
  }
  return false;
}

// Whether what the edge asks for can't come any more, unless somebody asks for a start.
bool Orchestrator::loses(const Offer& offer, const Edge& edge) {
  if (satisfies(offer, edge)) return false;
  return offer.failed || (edge.condition == Condition::healthy && offer.completed);
}

void Orchestrator::tell_neighbours(Time now, Commands& out) {
  for (std::size_t i = 0; i < changed_.size(); ++i) {
    watch_health(changed_[i], now, out);
    tell_dependents(changed_[i]);
    tell_dependencies(changed_[i]);
    touched_.push_back(changed_[i]);
  }
  changed_.clear();
}

void Orchestrator::tell_dependents(ServiceId id) {
  if (stage_ != Stage::supervising) return;  // nothing starts any more
  Service& service = at(id);
  const Lifecycle& life = service.life;
  const bool stays = !leaving(service);
  const Offer before = service.offer;
  const bool failed = life.phase() == Phase::failed;
  const bool is_healthy = service.monitor == kNoMonitor || health(id) == Health::healthy;
  const Offer offer{.settled = life.settled(),
                    .started = stays && !failed && life.launched(),
                    .healthy = stays && life.ready() && is_healthy,
                    .completed = stays && life.phase() == Phase::exited,
                    .failed = failed};
  if (offer == before) return;
  service.offer = offer;
  for (const Edge& edge : plan_->dependents(id)) {
    Service& dependent = at(edge.service);
    const bool was_met = satisfies(before, edge);
    const bool is_met = satisfies(offer, edge);
    const bool was_lost = loses(before, edge);
    const bool is_lost = loses(offer, edge);
    if (was_met != is_met) dependent.unmet += is_met ? ~0u : 1u;
    if (was_lost != is_lost) dependent.lost += is_lost ? 1u : ~0u;
    touched_.push_back(edge.service);
  }
}

void Orchestrator::tell_dependencies(ServiceId id) {
  Service& service = at(id);
  const bool holds = must_go_first(service);
  if (holds == service.holds) return;
  service.holds = holds;
  for (const Edge& edge : plan_->dependencies(id)) {
    Service& dependency = at(edge.service);
    dependency.held_by += holds ? 1u : ~0u;
    touched_.push_back(edge.service);
    if (stage_ != Stage::supervising) changed_.push_back(edge.service);
  }
}

// Whether its dependencies have to wait until it is gone. In a shutdown one that isn't there itself
// stands for those that depend on it: what its dependencies gave it, it has passed on.
bool Orchestrator::must_go_first(const Service& service) const {
  if (service.life.has_process()) return leaving(service);
  return stage_ != Stage::supervising && service.held_by > 0;
}

void Orchestrator::start_when_ready(ServiceId id, Commands& out) {
  const Service& service = at(id);
  const bool starts = service.life.phase() == Phase::waiting && !leaving(service);
  if (!starts || service.unmet > 0 || service.held_by > 0) return;
  change(id, [&](Lifecycle& life) { life.spawn(out); });
}

// It waits for what can't come, or pauses between two tries while it should go down.
void Orchestrator::fail_when_lost(ServiceId id, Time now, Commands& out) {
  const Service& service = at(id);
  if (service.doomed_by && service.life.phase() == Phase::backoff) {
    drop(id, now, out);
    if (service.life.settled()) lose(id, *service.doomed_by, now, out);
    return;
  }
  const bool starts = service.life.phase() == Phase::waiting && !leaving(service);
  if (!starts || service.lost == 0) return;
  const auto dependencies = plan_->dependencies(id);
  const auto lost = std::ranges::find_if(
      dependencies, [this](const Edge& edge) { return loses(at(edge.service).offer, edge); });
  lose(id, lost->service, now, out);
}

void Orchestrator::stop_when_free(ServiceId id, Time now, Commands& out) {
  const Service& service = at(id);
  if (!leaving(service)) return;
  // Nobody can need what has not started yet.
  const bool stops = service.life.phase() == Phase::preparing ||
                     (service.life.phase() == Phase::running && service.held_by == 0);
  if (!stops) return;
  change(id, [&](Lifecycle& life) { life.stop(moment(id, now), out); });
}

Lifecycle::Moment Orchestrator::moment(ServiceId id, Time now) const {
  const Duration grace = (*plan_)[id].stop.grace;
  if (stage_ != Stage::stopping) return {now, grace};
  return {now, shared_grace(grace, plan_->stop_path(id), deadlines_.graces - now)};
}

// In a shutdown, the end of a grace period that leaves its own hooks and what it depends on the
// whole of theirs.
Time Orchestrator::latest_grace(ServiceId id) const {
  if (stage_ != Stage::stopping) return Time::max();
  const Duration rest = plan_->stop_path(id) - (*plan_)[id].stop.grace;
  return deadlines_.graces - rest;
}

}  // namespace pid1
