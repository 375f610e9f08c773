#include "services/run_limits.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1 {

void RunLimits::begin(const ServiceSpec& spec, Time now) {
  *this = {};
  watchdog_ = spec.watchdog;
  const bool says_so = spec.readiness.kind != Readiness::Kind::none;
  if (says_so && spec.readiness.timeout) ready_by_ = later(now, *spec.readiness.timeout);
  if (spec.max_runtime) ended_by_ = later(now, *spec.max_runtime);
}

void RunLimits::ready(Time now) {
  ready_ = true;
  ready_by_ = Time::max();
  showed_life(now);
}

void RunLimits::showed_life(Time now) {
  if (ready_ && watchdog_) alive_by_ = later(now, *watchdog_);
}

void RunLimits::change_watchdog(Duration limit, Time now) {
  watchdog_.reset();
  alive_by_ = Time::max();
  if (limit == Duration::zero()) return;
  watchdog_ = limit;
  showed_life(now);
}

void RunLimits::extend(Duration extension, Time now) {
  Time& limit = ready_ ? ended_by_ : ready_by_;
  limit = std::max(limit, later(now, extension));
}

Time RunLimits::earliest() const { return std::min({ready_by_, alive_by_, ended_by_}); }

RunLimits::Passed RunLimits::passed(Time now) const {
  if (ended_by_ <= now) return Passed::runtime;
  if (ready_by_ <= now) return Passed::readiness;
  if (alive_by_ <= now) return Passed::watchdog;
  return Passed::none;
}

}  // namespace pid1
