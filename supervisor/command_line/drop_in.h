#pragma once

#include "supervisor/command_line/options.h"

namespace pid1::supervisor {

// The flags, variables, exit codes and answers of other inits, for images that call pid1 by their
// names. Their faults are left out (docs/comparison.md).

// tini 0.19, and docker-init, which is tini.
Request parse_tini_flags(int argc, const char* const* argv);

// dumb-init 1.2.
Request parse_dumb_init_flags(int argc, const char* const* argv);

// catatonit 0.1 and 0.2.
Request parse_catatonit_flags(int argc, const char* const* argv);

}  // namespace pid1::supervisor
