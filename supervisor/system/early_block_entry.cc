#include "supervisor/system/early_block.h"

namespace pid1::system {
namespace {

// For programs that the dynamic loader starts. Called before the constructors of the program and of
// its libraries (System V gABI, "Initialization and Termination Functions").
[[gnu::section(".preinit_array"), gnu::used]] void (*const block_first)() = block_early;

}  // namespace
}  // namespace pid1::system
