#include "tests/support/probe_signals.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>

namespace pid1::testing {

namespace {

using Set = std::uint64_t;  // as the kernel has it: bit n-1 for signal n

constexpr Set bit(int signo) { return Set{1} << (signo - 1); }

Set change_mask(int how, Set set) {
  Set before = 0;
  syscall(SYS_rt_sigprocmask, how, &set, &before, sizeof set);
  return before;
}

}  // namespace

void block_signals() { change_mask(SIG_BLOCK, ~Set{0}); }

void unblock_signal(int signo) { change_mask(SIG_UNBLOCK, bit(signo)); }

Received await_signal() {
  const Set blocked = change_mask(SIG_BLOCK, 0);
  siginfo_t info{};
  const long signo = syscall(SYS_rt_sigtimedwait, &blocked, &info, nullptr, sizeof blocked);
  return {static_cast<int>(std::max(signo, 0L)), info.si_pid};
}

void die_by(int signo) {
  const rlimit no_core = {};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(signo, SIG_DFL);
  kill(getpid(), signo);
  unblock_signal(signo);
  _exit(125);
}

}  // namespace pid1::testing
