#pragma once

#include <string_view>

#include "supervisor/command_line/options.h"

namespace pid1::supervisor {

extern const std::string_view kInitHelp;

// Bad usage of `program`, made harmless for a terminal: the message, and where help is.
Answer misused(std::string_view program, std::string_view message);

}  // namespace pid1::supervisor
