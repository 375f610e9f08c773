#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace pid1::system {

// The text with its control characters, its backslashes and what isn't UTF-8 as \xNN, so that a
// name from outside can't forge a line or speak to the terminal.
std::string printable(std::string_view text);

// For texts of several lines that stay text: each control character but tab and newline, and each
// byte that isn't UTF-8, becomes '?' where it is. Doing it again changes nothing.
void make_harmless(std::span<char> text);

// The longest beginning of at most `limit` bytes that doesn't end within a UTF-8 character.
std::string_view cut_text(std::string_view text, std::size_t limit);

// strerror(3) without locale and buffer: "No such file or directory".
std::string error_text(int error);

}  // namespace pid1::system
