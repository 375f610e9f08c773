#include "supervisor/system/early_block.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>

namespace pid1::system {
namespace {

// Initialized by the loader: no constructor has run, and none will come and undo it.
constinit bool is_blocked_early = false;
constinit std::uint64_t mask_before = 0;

}  // namespace

const std::uint64_t* mask_before_early_block() { return is_blocked_early ? &mask_before : nullptr; }

void block_early() {
  const std::uint64_t all = ~std::uint64_t{0};
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask_before, sizeof all);
  is_blocked_early = true;
}

}  // namespace pid1::system
