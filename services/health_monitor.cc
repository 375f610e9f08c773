#include "services/health_monitor.h"

#include <algorithm>

#include "services/restart_history.h"

namespace pid1 {

std::string_view name_of(Health health) {
  switch (health) {
    case Health::none: return "none";
    case Health::starting: return "starting";
    case Health::healthy: return "healthy";
    case Health::unhealthy: return "unhealthy";
  }
  return "";
}

HealthMonitor::HealthMonitor(ServiceId id, const HealthCheck& spec, std::uint32_t owner,
                             std::uint64_t seed)
    : id_(id), spec_(&spec), owner_(owner), seed_(seed) {}

void HealthMonitor::start(Time now, Commands& out) {
  health_ = Health::starting;
  failures_ = 0;
  succeeded_ = false;
  started_at_ = now;
  const Duration first = interval(now);
  const auto tenth = static_cast<std::uint64_t>(std::max<Duration::rep>(first.count() / 10, 1));
  const auto noise = noise_from(seed_, static_cast<std::uint64_t>(id_)) % tenth;
  const Duration spread(static_cast<Duration::rep>(noise));
  pause(std::min(first, Duration::max() - spread) + spread, out);
}

void HealthMonitor::stop(Commands& out) {
  if (state_ == State::probing) out.push_back(StopProbe{id_, run_});
  if (state_ != State::idle) out.push_back(CancelTimer{{owner_, serial_}});
  state_ = State::idle;
  health_ = Health::none;
}

bool HealthMonitor::probed(const Probed& event, Time now, Commands& out) {
  if (state_ != State::probing || event.run != run_) return false;
  return conclude(event.result, now, out);
}

bool HealthMonitor::timer_fired(std::uint32_t serial, Time now, Commands& out) {
  if (serial != serial_) return false;
  switch (state_) {
    case State::idle: return false;
    case State::pausing:
      state_ = State::probing;
      run_ = ProbeRun{static_cast<std::uint32_t>(run_) + 1};
      probed_at_ = now;
      out.push_back(Probe{id_, run_});
      arm(spec_->timeout, out);
      return false;
    case State::probing:
      out.push_back(StopProbe{id_, run_});
      return conclude(ProbeResult::unhealthy, now, out);
  }
  return false;
}

bool HealthMonitor::conclude(ProbeResult result, Time now, Commands& out) {
  const bool forgiven = !succeeded_ && in_start_period(probed_at_);
  bool changed = false;
  switch (result) {
    case ProbeResult::healthy:
      succeeded_ = true;
      failures_ = 0;
      changed = become(Health::healthy, out);
      break;
    case ProbeResult::unhealthy:
      if (forgiven) break;
      failures_ = std::min(failures_ + 1, spec_->retries);
      if (failures_ == spec_->retries) changed = become(Health::unhealthy, out);
      break;
    case ProbeResult::unknown: break;
  }
  pause(interval(now), out);
  return changed;
}

bool HealthMonitor::become(Health health, Commands& out) {
  if (health_ == health) return false;
  health_ = health;
  out.push_back(Announce{.fact = health == Health::healthy ? Fact::healthy : Fact::unhealthy,
                         .service = id_});
  return true;
}

bool HealthMonitor::in_start_period(Time now) const {
  return now - started_at_ < spec_->start_period;
}

// Docker: `start_interval` as long as the service is starting, that is until the first success or
// the end of the start period.
Duration HealthMonitor::interval(Time now) const {
  const bool starts = !succeeded_ && in_start_period(now);
  return starts ? spec_->start_interval : spec_->interval;
}

void HealthMonitor::pause(Duration delay, Commands& out) {
  state_ = State::pausing;
  arm(delay, out);
}

void HealthMonitor::arm(Duration delay, Commands& out) {
  ++serial_;
  out.push_back(ArmTimer{{owner_, serial_}, delay});
}

}  // namespace pid1
