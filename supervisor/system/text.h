#pragma once

#include <string>
#include <string_view>

namespace pid1::system {

// The text with its control characters, its backslashes and what isn't UTF-8 as \xNN, so that a
// name from outside can't forge a line or speak to the terminal.
std::string printable(std::string_view text);

// strerror(3) without locale and buffer: "No such file or directory".
std::string error_text(int error);

}  // namespace pid1::system
