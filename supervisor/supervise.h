#pragma once

#include "services/plan.h"
#include "supervisor/command_line/options.h"
#include "supervisor/system/signals.h"

namespace pid1::supervisor {

// Runs the services of a plan and returns the container's exit code.
int supervise(const Options& options, const Plan& plan, system::SignalMask inherited);

}  // namespace pid1::supervisor
