#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pid1::model {

// Numbers the states that are put into it, from 0. Keeps 128 bits of each: with ten million states
// the odds that two share them are below one in 10^24.
class StateSet {
 public:
  StateSet();

  struct Place {
    std::uint32_t number;
    bool is_new;
  };
  Place insert(std::span<const std::uint8_t> key);
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t number = 0;
    bool used = false;
  };

  Slot& find(std::uint64_t low, std::uint64_t high);
  void grow();

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace pid1::model
