#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>

#include "config/scalars.h"

namespace pid1::config {

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What a unit multiplies by; 0 where it is none.
std::int64_t read_unit(std::string_view unit) {
  std::string lower;
  std::ranges::transform(unit, std::back_inserter(lower), to_lower);
  if (lower.empty() || lower == "b") return 1;
  const std::string_view rest = std::string_view(lower).substr(1);
  const std::size_t power = std::string_view("kmgtp").find(lower.front());
  if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) return 0;
  return std::int64_t{1024} << (10 * power);
}

enum class Fault { none, malformed, too_large };

Fault multiply(std::int64_t number, std::int64_t unit, std::int64_t& size) {
  if (number > kMax / unit) return Fault::too_large;
  size = number * unit;
  return Fault::none;
}

Fault multiply(double number, std::int64_t unit, std::int64_t& size) {
  const double product = std::trunc(number * static_cast<double>(unit));
  if (!(product < 0x1p63)) return Fault::too_large;
  size = static_cast<std::int64_t>(product);
  return Fault::none;
}

template <typename Number>
Fault read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc::result_out_of_range) return Fault::too_large;
  return error == std::errc() && stop == end ? Fault::none : Fault::malformed;
}

template <typename Number>
Fault read_product(std::string_view text, std::int64_t unit, std::int64_t& size) {
  Number number = 0;
  const Fault fault = read_number(text, number);
  return fault == Fault::none ? multiply(number, unit, size) : fault;
}

Fault read_size(std::string_view text, std::int64_t& size) {
  if (text.empty() || !(is_digit(text.front()) || text.front() == '.')) return Fault::malformed;
  const std::size_t split = text.find_last_of("0123456789.") + 1;
  const std::string_view number = text.substr(0, split);
  std::string_view unit_name = text.substr(split);
  if (unit_name.size() > 1 && unit_name.front() == ' ') unit_name.remove_prefix(1);
  const std::int64_t unit = read_unit(unit_name);
  if (unit == 0) return Fault::malformed;
  // A double would round a whole number above 2^53.
  if (std::ranges::all_of(number, is_digit)) return read_product<std::int64_t>(number, unit, size);
  return read_product<double>(number, unit, size);
}

bool is_size(std::string_view text) {
  std::int64_t size = 0;
  return read_size(text, size) == Fault::none;
}

std::string suggest(std::string_view text) {
  std::string compact;
  std::ranges::copy_if(text, std::back_inserter(compact), [](char c) { return c != ' '; });
  if (is_size(compact)) return "write " + compact;
  const std::string number = compact.substr(0, compact.find_first_not_of("0123456789."));
  if (is_size(number)) return "write " + number + "k, " + number + "m or " + number + "g";
  return "write a number with a unit, such as 512k, 10m or 1.5g";
}

ScalarError explain(Fault fault, std::string_view text) {
  if (fault == Fault::too_large) return {"expected a size below 8 EiB", ""};
  const bool negative = text.size() > 1 && text.front() == '-' && is_digit(text[1]);
  if (negative) return {"a size can't be negative", ""};
  return {"expected a size in bytes, with a unit out of b, k, m, g, t and p or none",
          suggest(text)};
}

}  // namespace

Scalar<std::int64_t> parse_bytes(std::string_view text) {
  std::int64_t size = 0;
  const Fault fault = read_size(text, size);
  if (fault != Fault::none) return explain(fault, text);
  return size;
}

}  // namespace pid1::config
