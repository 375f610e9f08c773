#pragma once

#include "services/plan.h"
#include "supervisor/command_line/program_options.h"

namespace pid1::supervisor {

// One program as the core knows it: a service that is named after it and never restarted, whose
// end is the container's. Every signal that can be caught is forwarded to it.
Plan program_plan(const ProgramOptions& options);

}  // namespace pid1::supervisor
