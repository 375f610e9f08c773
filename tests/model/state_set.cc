#include "tests/model/state_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pid1::model {

namespace {

// Two hashes of 64 bits with little in common, in one pass.
struct Hashes {
  std::uint64_t low = 1;
  std::uint64_t high = 2;

  void add(std::uint64_t word) {
    low = (low ^ word) * 0xbf58476d1ce4e5b9u;
    low ^= low >> 29;
    high = (high + word) * 0x94d049bb133111ebu;
    high ^= high >> 32;
  }
};

Hashes hash(std::span<const std::uint8_t> key) {
  Hashes hashes;
  hashes.add(key.size());
  while (!key.empty()) {
    std::uint64_t word = 0;
    const std::size_t length = std::min(sizeof word, key.size());
    std::memcpy(&word, key.data(), length);
    hashes.add(word);
    key = key.subspan(length);
  }
  hashes.add(0);
  return hashes;
}

}  // namespace

StateSet::StateSet() : slots_(1024) {}

StateSet::Place StateSet::insert(std::span<const std::uint8_t> key) {
  const auto [low, high] = hash(key);
  Slot& slot = find(low, high);
  if (slot.used) return {slot.number, false};
  const auto number = static_cast<std::uint32_t>(size_++);
  slot = {low, high, number, true};
  if (size_ * 2 > slots_.size()) grow();
  return {number, true};
}

StateSet::Slot& StateSet::find(std::uint64_t low, std::uint64_t high) {
  std::size_t at = low & (slots_.size() - 1);
  while (slots_[at].used && (slots_[at].low != low || slots_[at].high != high)) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return slots_[at];
}

void StateSet::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.used) find(slot.low, slot.high) = slot;
  }
}

}  // namespace pid1::model
