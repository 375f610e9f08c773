#pragma once

#include "supervisor/command_line/program_options.h"
#include "supervisor/system/descriptors.h"

namespace pid1::supervisor {

// Runs one program as an init should, or with --pause none, and returns the container's exit code.
// All signals are blocked from here on. `standard`: what pid1 was given as descriptors 0–2.
int run_program(const ProgramOptions& options, const system::StandardDescriptors& standard);

}  // namespace pid1::supervisor
