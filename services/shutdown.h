#pragma once

#include <cstdint>
#include <optional>

#include "services/event.h"

namespace pid1 {

// Why the container ends.
struct ShutdownCause {
  enum class Kind {
    asked,              // by a signal
    service_failed,     // for good, and on_failure or exit_code_from ends the container
    service_ended,      // with success, and on_success or exit_code_from ends the container
    service_unhealthy,  // and on_unhealthy ends the container
    nothing_left,       // no service runs or is about to
  };
  Kind kind = Kind::nothing_left;
  SignalReceived signal{};             // asked
  std::optional<ServiceId> service{};  // service_failed, service_ended, service_unhealthy
};

// How the time of a shutdown is divided.
struct ShutdownDeadlines {
  Time graces;    // the last grace period has ended by then
  Time services;  // every service has got SIGKILL by then
  Time end;       // what else is left has got SIGKILL by then
};

// The last tenth of the budget, at most a second, is kept for what the services leave behind;
// before it a twentieth, at most half a second, for those that got SIGKILL to go.
ShutdownDeadlines deadlines_from(Time now, Duration budget);

// The least budget that leaves grace periods `path` of it, rounded up to milliseconds.
Duration budget_for(Duration path);

// A service's grace period when `remaining` is left for `path`, the longest chain of grace periods
// from it down through its dependencies: its own where all fit, else the share that leaves each
// service below it the same share of its own.
Duration shared_grace(Duration grace, Duration path, Duration remaining);

// `now + delay`, or the end of time.
Time later(Time now, Duration delay);

}  // namespace pid1
