#pragma once

#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// A command is a list of words, or a string that is split like a shell's words. No shell runs.

// The words of `value`, which may be nullptr; none after an error.
std::vector<std::string> read_words(const Node* value, Diagnostics& diagnostics);

// Refuses what a shell would make something else of before it runs it. In a list it may be meant.
void check_program(const Node& value, const std::string& program, Diagnostics& diagnostics);

// A whole command, with a program first; empty after an error.
std::vector<std::string> read_command(const Node& value, Diagnostics& diagnostics);

}  // namespace pid1::config
