#include "config/env_text.h"

#include <algorithm>

namespace pid1::config {

namespace {

// What a backslash and `c` stand for in double quotes; nullopt: for themselves.
std::optional<std::string_view> unescape(char c) {
  switch (c) {
    case 'a': return "\a";
    case 'b': return "\b";
    case 'f': return "\f";
    case 'n': return "\n";
    case 'r': return "\r";
    case 't': return "\t";
    case 'v': return "\v";
    case '\\': return "\\";
    case '$': return "$$";  // for the interpolation that follows
    default: return std::nullopt;
  }
}

void append_escaped(std::string& value, char quote, char c) {
  const std::optional<std::string_view> meaning = quote == '"' ? unescape(c) : std::nullopt;
  if (c == quote) {
    value += c;
  } else if (meaning) {
    value += *meaning;
  } else {
    value += '\\';
    value += c;
  }
}

}  // namespace

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

std::string_view trim_front(std::string_view text) {
  const auto content = std::ranges::find_if_not(text, is_blank);
  return {content, text.end()};
}

std::string_view trim(std::string_view text) {
  text = trim_front(text);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool can_be_in_env_name(char c) {
  const bool alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80;
  return alphanumeric || beyond_ascii ||
         std::string_view("_.-[]").find(c) != std::string_view::npos;
}

std::optional<QuotedValue> read_quoted(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  QuotedValue value;
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      value.end = i + 1;
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) {
      append_escaped(value.text, quote, text[++i]);
    } else {
      value.text += text[i];
    }
  }
  return std::nullopt;
}

}  // namespace pid1::config
