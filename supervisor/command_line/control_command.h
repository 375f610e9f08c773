#pragma once

#include "supervisor/command_line/options.h"

namespace pid1::supervisor {

// `pid1ctl COMMAND`: what a person types.
Request parse_control_command(int argc, const char* const* argv);

}  // namespace pid1::supervisor
