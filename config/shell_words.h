#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/scalars.h"

namespace pid1::config {

// Splits a command as a shell would split its words; no shell runs, so nothing is expanded. Quotes
// and backslashes work as in Compose (vectors/shellwords.jsonl). An unquoted ; & | < > ( ) or an
// unbalanced quote is an error whose hint is the list form with `sh -c`.
Scalar<std::vector<std::string>> split_shell_words(std::string_view text);

}  // namespace pid1::config
