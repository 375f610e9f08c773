#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/scalars.h"

namespace pid1::config {

// Splits a command as a shell would split its words; no shell runs, so nothing is expanded. Quotes
// and backslashes work as in Compose (tests/unit/config/vectors/shellwords.jsonl): outside of
// single quotes \n and \t are a newline and a tab, and a backslash makes any other character a
// literal. An unquoted ; & | < > ( ) is an error whose hint is the list form with `sh -c`; a quote
// that is never closed, and a backslash at the end, are errors whose hint is how to write that
// character itself.
Scalar<std::vector<std::string>> split_shell_words(std::string_view text);

}  // namespace pid1::config
