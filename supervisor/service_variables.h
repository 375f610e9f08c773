#pragma once

#include <optional>
#include <vector>

#include "services/exit_status.h"
#include "services/spec.h"

namespace pid1::supervisor {

// What the processes of a service find in their environment besides what is configured, which wins
// over it. Appended to `variables`.

// PID1_SERVICE, the service's name: it also tells whose a process is that left it.
void add_service_variables(const ServiceSpec& spec, std::vector<EnvironmentChange>& variables);

// EXIT_CODE ("exited", "killed", "dumped") and EXIT_STATUS (a number, or a signal's name without
// SIG), as systemd.exec(5) has them; neither where no process ended.
void add_end_variables(const std::optional<ExitStatus>& end,
                       std::vector<EnvironmentChange>& variables);

// Whether the service talks to pid1 by sd_notify(3).
bool notifies(const ServiceSpec& spec);

// WATCHDOG_USEC, as sd_watchdog_enabled(3) reads it. Without WATCHDOG_PID: whoever of the service
// finds it may report.
void add_watchdog_variables(Duration limit, std::vector<EnvironmentChange>& variables);

}  // namespace pid1::supervisor
