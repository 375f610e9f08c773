#include <algorithm>

#include "services/orchestrator.h"

namespace pid1 {

const HealthMonitor* Orchestrator::monitor(ServiceId id) const {
  const std::uint32_t place = at(id).monitor;
  return place == kNoMonitor ? nullptr : &monitors_[place];
}

HealthMonitor* Orchestrator::monitor_of(ServiceId id) {
  const std::uint32_t place = at(id).monitor;
  return place == kNoMonitor ? nullptr : &monitors_[place];
}

Health Orchestrator::health(ServiceId id) const {
  const HealthMonitor* checks = monitor(id);
  return checks == nullptr ? Health::none : checks->health();
}

// The check runs exactly as long as the service does.
void Orchestrator::watch_health(ServiceId id, Time now, Commands& out) {
  HealthMonitor* checks = monitor_of(id);
  if (checks == nullptr) return;
  const bool runs = at(id).life.phase() == Phase::running && stage_ == Stage::supervising;
  if (runs == checks->active()) return;
  if (runs) {
    checks->start(now, out);
  } else {
    checks->stop(out);
  }
}

// Its health has changed.
void Orchestrator::follow_health(ServiceId id, Time now, Commands& out) {
  changed_.push_back(id);
  Service& service = at(id);
  if (health(id) != Health::unhealthy || leaving(service)) return;
  switch ((*plan_)[id].on_unhealthy) {
    case EndAction::ignore: return;
    case EndAction::restart:
      change(id, [&](Lifecycle& life) { life.fail(Verdict::unhealthy, moment(id, now), out); });
      return;
    case EndAction::shutdown:
      begin_shutdown({.kind = ShutdownCause::Kind::service_unhealthy, .service = id}, now, out);
      return;
  }
}

// Whether it was told to.
bool Orchestrator::reload(ServiceId id, Commands& out) const {
  const Lifecycle& life = at(id).life;
  const Reload& how = (*plan_)[id].reload;
  const bool can = how.signal != 0 || how.command;
  if (life.phase() != Phase::running || !can) return false;
  out.push_back(ReloadService{id, life.generation()});
  return true;
}

bool Orchestrator::reload_all(Commands& out) const {
  bool any = false;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    any = reload(ServiceId{static_cast<std::uint32_t>(i)}, out) || any;
  }
  return any;
}

}  // namespace pid1
