#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "config/scalars.h"

namespace pid1::config {

namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::array kUnits = {
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"\u00B5s", 1'000},  // micro sign
    Unit{"\u03BCs", 1'000},  // Greek mu, which looks the same
    Unit{"ms", 1'000'000},
    Unit{"s", kSecond},
    Unit{"m", 60 * kSecond},
    Unit{"h", 3'600 * kSecond},
    Unit{"d", 86'400 * kSecond},
    Unit{"w", 604'800 * kSecond},
};

// What people write instead of the units.
struct LongName {
  std::string_view name;
  std::string_view unit;
};

constexpr std::array kLongNames = {
    LongName{"sec", "s"},     LongName{"secs", "s"},    LongName{"second", "s"},
    LongName{"seconds", "s"}, LongName{"min", "m"},     LongName{"mins", "m"},
    LongName{"minute", "m"},  LongName{"minutes", "m"}, LongName{"hr", "h"},
    LongName{"hrs", "h"},     LongName{"hour", "h"},    LongName{"hours", "h"},
    LongName{"day", "d"},     LongName{"days", "d"},    LongName{"week", "w"},
    LongName{"weeks", "w"},   LongName{"msec", "ms"},   LongName{"millis", "ms"},
    LongName{"usec", "us"},   LongName{"nsec", "ns"},
};

enum class Fault { none, not_a_number, no_unit, unknown_unit, too_long };

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(char c) { return is_digit(c) || c == '.'; }

std::string_view take_while(std::string_view& text, bool (*predicate)(char)) {
  const auto end = std::ranges::find_if_not(text, predicate);
  const std::string_view taken(text.begin(), end);
  text.remove_prefix(taken.size());
  return taken;
}

// floor(0.`digits` * unit), without rounding on the way.
std::uint64_t scale_fraction(std::string_view digits, std::uint64_t unit) {
  std::uint64_t scaled = 0;
  for (; !digits.empty(); digits.remove_suffix(1)) {
    scaled = (static_cast<std::uint64_t>(digits.back() - '0') * unit + scaled) / 10;
  }
  return scaled;
}

// Adds `digits` * unit; false where the sum would be beyond the range.
bool add_whole(std::string_view digits, std::uint64_t unit, std::uint64_t& sum) {
  std::uint64_t whole = 0;
  for (const char c : digits) {
    if (whole > kMax / 10) return false;
    whole = whole * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (whole > kMax / unit) return false;
  sum += whole * unit;
  return sum <= kMax;
}

// One number with its unit, off the front of `text`.
Fault add_part(std::string_view& text, std::uint64_t& sum) {
  const std::string_view whole = take_while(text, is_digit);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_while(text, is_digit);
  }
  if (whole.empty() && fraction.empty()) return Fault::not_a_number;
  const std::string_view name = take_while(text, [](char c) { return !is_number(c); });
  if (name.empty()) return Fault::no_unit;
  const auto unit = std::ranges::find(kUnits, name, &Unit::name);
  if (unit == kUnits.end()) return Fault::unknown_unit;
  if (!add_whole(whole, unit->nanoseconds, sum)) return Fault::too_long;
  sum += scale_fraction(fraction, unit->nanoseconds);
  return sum <= kMax ? Fault::none : Fault::too_long;
}

Fault add_parts(std::string_view text, std::uint64_t& sum) {
  if (text == "0") return Fault::none;
  Fault fault = text.empty() ? Fault::not_a_number : Fault::none;
  while (!text.empty() && fault == Fault::none) fault = add_part(text, sum);
  return fault;
}

bool is_duration(std::string_view text) {
  std::uint64_t sum = 0;
  return add_parts(text, sum) == Fault::none;
}

// What was probably meant: without sign, spaces, underscores, capitals and long names of units.
std::string simplify(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string plain;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '_') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::string simple;
  for (std::string_view rest = plain; !rest.empty();) {
    simple += take_while(rest, is_number);
    const std::string_view name = take_while(rest, [](char c) { return !is_number(c); });
    const auto known = std::ranges::find(kLongNames, name, &LongName::name);
    simple += known == kLongNames.end() ? name : known->unit;
  }
  return simple;
}

std::string suggest(std::string_view text) {
  const std::string simple = simplify(text);
  if (is_duration(simple)) return "write " + simple;
  if (!simple.empty() && std::ranges::all_of(simple, is_number) && is_duration(simple + "s")) {
    return "write " + simple + "s, " + simple + "ms or " + simple + "m";
  }
  if (is_duration(simple + "s")) return "write " + simple + "s";
  return "write numbers with units, such as 500ms, 30s or 1h30m";
}

ScalarError explain(Fault fault, std::string_view text) {
  if (text.starts_with('-')) return {"a duration can't be negative", ""};
  switch (fault) {
    case Fault::too_long: return {"expected a duration of 292 years at the most", ""};
    case Fault::no_unit: return {"expected a unit after each number of a duration", suggest(text)};
    case Fault::unknown_unit:
      return {"expected a duration with units out of ns, us, ms, s, m, h, d and w", suggest(text)};
    case Fault::not_a_number:
    case Fault::none: return {"expected a duration", suggest(text)};
  }
  return {};
}

// `value` / 10^digits in decimal, without a zero at the end of the fraction.
std::string format_decimal(std::uint64_t value, int digits) {
  std::string fraction;
  for (; digits > 0; --digits, value /= 10) {
    const auto digit = static_cast<char>('0' + value % 10);
    if (digit != '0' || !fraction.empty()) fraction.insert(fraction.begin(), digit);
  }
  const std::string whole = std::to_string(value);
  return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

Scalar<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  std::uint64_t sum = 0;
  const Fault fault = add_parts(text, sum);
  if (fault != Fault::none) return explain(fault, text);
  return std::chrono::nanoseconds(static_cast<std::int64_t>(sum));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const auto ns = static_cast<std::uint64_t>(duration.count());
  if (ns == 0) return "0s";
  if (ns < 1'000) return format_decimal(ns, 0) + "ns";
  if (ns < 1'000'000) return format_decimal(ns, 3) + "\u00B5s";
  if (ns < kSecond) return format_decimal(ns, 6) + "ms";
  const std::uint64_t minutes = ns / (60 * kSecond);
  std::string out;
  if (minutes >= 60) out += std::to_string(minutes / 60) + "h";
  if (minutes > 0) out += std::to_string(minutes % 60) + "m";
  return out + format_decimal(ns % (60 * kSecond), 9) + "s";
}

}  // namespace pid1::config
