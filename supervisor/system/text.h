#pragma once

#include <string>
#include <string_view>

namespace pid1::system {

// The text with its control characters and backslashes as \xNN, so that a name from outside can't
// forge a line or speak to the terminal. Bytes above 127 pass, for UTF-8; the C1 controls, which
// UTF-8 writes as C2 80 to C2 9F, do not.
std::string printable(std::string_view text);

// strerror(3) without locale and buffer: "No such file or directory".
std::string error_text(int error);

}  // namespace pid1::system
