#pragma once

#include <optional>

#include "services/spec.h"

namespace pid1 {

// How long a process that runs may go on as it is: three deadlines, Time::max() where there is
// none. Reports of life come often, so that they only move a deadline; whoever armed a timer for
// the earliest of them looks again when it fires.
class RunLimits {
 public:
  enum class Passed { none, readiness, watchdog, runtime };

  // The main process has started.
  void begin(const ServiceSpec& spec, Time now);
  // It is ready: from now on the watchdog counts.
  void ready(Time now);
  void showed_life(Time now);
  // Zero: the watchdog doesn't count any more.
  void change_watchdog(Duration limit, Time now);
  // As EXTEND_TIMEOUT_USEC has it (sd_notify(3)): the limit that counts now ends no earlier than
  // `extension` from now.
  void extend(Duration extension, Time now);

  Time earliest() const;
  Passed passed(Time now) const;

 private:
  friend struct CoreProbe;  // tests/model compares states

  bool ready_ = false;
  std::optional<Duration> watchdog_;
  Time ready_by_ = Time::max();
  Time alive_by_ = Time::max();
  Time ended_by_ = Time::max();
};

}  // namespace pid1
