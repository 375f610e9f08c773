#include "config/scalars.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace pid1::config {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A minus and digits without a leading zero.
bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return false;
  return text == "0" || text.front() != '0';
}

std::string describe_range(std::int64_t min, std::int64_t max) {
  const bool bounded_below = min != std::numeric_limits<std::int64_t>::min();
  const bool bounded_above = max != std::numeric_limits<std::int64_t>::max();
  if (bounded_below && bounded_above) {
    return " from " + std::to_string(min) + " to " + std::to_string(max);
  }
  if (bounded_below) return " of at least " + std::to_string(min);
  if (bounded_above) return " of at most " + std::to_string(max);
  return "";
}

// What was probably meant: without a plus, spaces, underscores and leading zeros.
std::string suggest_integer(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '_') plain += c;
  }
  const bool negative = plain.starts_with('-');
  const std::size_t digits = plain.find_first_not_of('0', plain.find_first_of("+-") == 0 ? 1 : 0);
  plain.erase(0, std::min(digits, plain.size() - 1));
  if (negative) plain.insert(plain.begin(), '-');
  return is_integer(plain) ? "write " + plain : "";
}

}  // namespace

Scalar<std::int64_t> parse_integer(std::string_view text, std::int64_t min, std::int64_t max) {
  if (!is_integer(text)) {
    const bool odd = text.empty() || !std::ranges::any_of(text, is_digit);
    return ScalarError{"expected an integer" + describe_range(min, max),
                       odd ? "" : suggest_integer(text)};
  }
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < min || value > max) {
    return ScalarError{"expected an integer" + describe_range(min, max), ""};
  }
  return value;
}

Scalar<std::uint32_t> parse_octal(std::string_view text) {
  ScalarError error{"expected 1 to 4 octal digits",
                    "write each digit from 0 to 7, such as 0644 or 0027"};
  std::string_view digits = text;
  if (digits.starts_with("0o")) {
    digits.remove_prefix(2);
  } else if (digits.size() == 5 && digits.starts_with('0')) {
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.size() > 4) return error;
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '7') return error;
    value = value * 8 + static_cast<std::uint32_t>(c - '0');
  }
  return value;
}

Scalar<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 3> kTrue = {"true", "True", "TRUE"};
  constexpr std::array<std::string_view, 3> kFalse = {"false", "False", "FALSE"};
  // YAML 1.1 and others take these.
  constexpr std::array<std::string_view, 5> kYes = {"yes", "y", "on", "1", "t"};
  constexpr std::array<std::string_view, 5> kNo = {"no", "n", "off", "0", "f"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;

  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const bool yes = lower == "true" || std::ranges::find(kYes, lower) != kYes.end();
  const bool no = lower == "false" || std::ranges::find(kNo, lower) != kNo.end();
  return ScalarError{"expected true or false", yes  ? "write true"
                                               : no ? "write false"
                                                    : "write true or false"};
}

}  // namespace pid1::config
