#pragma once

#include <array>
#include <string_view>

#include "supervisor/output/line.h"

namespace pid1::output {

// A time as RFC 3339 writes it, in UTC with nanoseconds: 2026-11-25T23:02:25.123456789Z. Years
// 0–9999.
class Timestamp {
 public:
  explicit Timestamp(WallTime time);
  std::string_view text() const { return {text_.data(), text_.size()}; }
  // As RFC 5424 allows it: six digits of a second.
  std::string_view date_and_time() const { return {text_.data(), 26}; }

 private:
  std::array<char, 30> text_;
};

}  // namespace pid1::output
