#pragma once

#include <cstdint>

namespace pid1::system {

// Blocks every signal where early_block_entry is linked in: in a static program with its first
// instructions (early_block_start.S), in any before every constructor (early_block_entry.cc). An
// init loses what it is sent while nothing blocks it and no handler is set: the kernel drops it
// instead of taking the default action (pid_namespaces(7)).

// The set that was blocked before, bit n-1 for signal n; nullptr where nothing was blocked early.
const std::uint64_t* mask_before_early_block();

// For early_block_entry.cc only.
void block_early();

}  // namespace pid1::system
