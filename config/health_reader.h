#pragma once

#include <optional>

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// What `healthcheck` says. A command runs as `process` does, but for its words. nullopt where there
// is no check, or it is disabled, or after an error.
std::optional<HealthCheck> read_health_check(const Fields& service, const ProcessSpec& process,
                                             Diagnostics& diagnostics);

// What `readiness` says.
Readiness read_readiness(const Fields& service, Diagnostics& diagnostics);

}  // namespace pid1::config
