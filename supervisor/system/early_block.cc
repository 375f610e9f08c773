#include "supervisor/system/early_block.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

// Written by early_block_start.S too, before any constructor: initialized by the loader, so that
// none undoes it.
extern "C" {
constinit std::uint8_t pid1_is_blocked_early = 0;
constinit std::uint64_t pid1_mask_before = 0;
}

namespace pid1::system {

const std::uint64_t* mask_before_early_block() {
  return pid1_is_blocked_early != 0 ? &pid1_mask_before : nullptr;
}

void block_early() {
  if (pid1_is_blocked_early != 0) return;
  const std::uint64_t all = ~std::uint64_t{0};
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &pid1_mask_before, sizeof all);
  pid1_is_blocked_early = 1;
}

}  // namespace pid1::system
