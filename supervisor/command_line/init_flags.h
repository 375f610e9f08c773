#pragma once

#include "supervisor/command_line/options.h"

namespace pid1::supervisor {

// `pid1`: the flags of both modes. A program's words, or --pause, make it the init of one program.
Request parse_init_flags(int argc, const char* const* argv);

}  // namespace pid1::supervisor
