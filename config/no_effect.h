#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// Warnings about what is written and can't have an effect, so that nobody relies on it.

// `on_success`, `on_failure` and `on_oom` behind restarts without end. `spec` has them, the restart
// policy and the dependencies already.
void warn_of_unreached_ends(const Fields& service, const ServiceSpec& spec,
                            Diagnostics& diagnostics);

// What the long form of `restart` says besides a condition that needs none of it.
void warn_of_idle_limits(const Fields& restart, const RestartPolicy& policy,
                         Diagnostics& diagnostics);

// What waits for something that the service doesn't have: a watchdog without notifications, what
// follows bad health without a check. `spec` has them already.
void warn_of_unwatched(const Fields& service, const ServiceSpec& spec, Diagnostics& diagnostics);

// `start_interval` without a time in which it would hold.
void warn_of_idle_start_interval(const Fields& healthcheck, const HealthCheck& check,
                                 Diagnostics& diagnostics);

// `cpu_period` without anything that it would be the period of.
void warn_of_idle_period(const Fields& service, Diagnostics& diagnostics);

// Whether each end is followed by another start.
bool never_ends(const ServiceSpec& spec);

}  // namespace pid1::config
