#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pid1::config {

// Why a text isn't what was asked for: one line without a full stop, and what to write instead. The
// hint may repeat the text: leave it out where that came from a variable, which may be a secret.
// The message never does.
struct ScalarError {
  std::string message;
  std::string hint;
};

template <typename T>
using Scalar = std::variant<T, ScalarError>;

// Compose durations: a concatenation of decimal numbers, fractions allowed (a part of a nanosecond
// is dropped), each with a unit out of ns us µs ms s m h d w; or a bare 0. Range 0 … 2^63-1 ns. No
// sign, space or capital.
Scalar<std::chrono::nanoseconds> parse_duration(std::string_view text);

// The canonical form, as Compose prints it: the largest units first ("1m30s", "1h0m0s", "0s"), and
// below a second the largest that leaves no 0 before the point ("1.5ms"). `duration` >= 0.
std::string format_duration(std::chrono::nanoseconds duration);

// Compose byte sizes: 1024-based, b k m g t p with an optional b or ib, any case; fractions (a part
// of a byte is dropped) and exponents, one space before the unit. Range 0 … 2^63-1.
Scalar<std::int64_t> parse_bytes(std::string_view text);

// Decimal integers with an optional minus; no plus, leading zero, space, underscore or 0x.
Scalar<std::int64_t> parse_integer(std::string_view text, std::int64_t min, std::int64_t max);

// Octal, for mode and umask: 1 to 4 digits 0–7, with an optional leading 0 or 0o.
Scalar<std::uint32_t> parse_octal(std::string_view text);

// true or false, in YAML 1.2's three spellings each; yes, on, y and their like get a hint.
Scalar<bool> parse_bool(std::string_view text);

}  // namespace pid1::config
