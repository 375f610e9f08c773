#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::config {

// The smallest parts of an env file.

// White space within a line.
bool is_blank(char c);
std::string_view trim_front(std::string_view text);
std::string_view trim(std::string_view text);

// Letters, digits, _ . - [ ] and all beyond ASCII, as in Compose.
bool can_be_in_env_name(char c);

struct QuotedValue {
  std::string text;     // in double quotes with "$$" for an escaped dollar
  std::size_t end = 0;  // behind the closing quote
};

// Reads from an opening quote on, over lines if need be; nullopt where it is never closed. A
// backslash before the quote itself makes it a part of the value; in double quotes
// \a \b \f \n \r \t \v \\ \$ are escapes; any other backslash stays.
std::optional<QuotedValue> read_quoted(std::string_view text, std::size_t offset);

}  // namespace pid1::config
