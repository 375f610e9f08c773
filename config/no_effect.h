#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// Warnings about what is written and can't have an effect, so that nobody relies on it.

// `on_success` and `on_failure` behind restarts without end. `spec` has them, the restart policy
// and the dependencies already.
void warn_of_unreached_ends(const Fields& service, const ServiceSpec& spec,
                            Diagnostics& diagnostics);

// What the long form of `restart` says besides a condition that needs none of it.
void warn_of_idle_limits(const Fields& restart, const RestartPolicy& policy,
                         Diagnostics& diagnostics);

// Whether each end is followed by another start.
bool never_ends(const ServiceSpec& spec);

}  // namespace pid1::config
