#pragma once

#include <cstdint>
#include <span>

#include "services/plan.h"

namespace pid1::model {

// Numbers out of bytes; when they are used up, zeros.
class ByteSource {
 public:
  explicit ByteSource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_.empty(); }
  std::uint8_t byte();
  // 0 to `limit` - 1.
  std::size_t below(std::size_t limit) { return byte() % limit; }
  bool flag() { return (byte() & 1) != 0; }

 private:
  std::span<const std::uint8_t> bytes_;
};

// A plan of one to twelve services with every key that the core heeds, extreme durations included.
Plan plan_from(ByteSource& bytes);

}  // namespace pid1::model
