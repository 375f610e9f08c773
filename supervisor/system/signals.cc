#include "supervisor/system/signals.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "supervisor/system/early_block.h"

namespace pid1::system {
namespace {

// rt_sigaction(2) as the kernel has it. glibc's sigaction() refuses 32 and 33. Where the handler is
// SIG_DFL or SIG_IGN the fields behind the flags are not looked at, whichever an architecture has.
struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  std::uint64_t rest[3];
};

SignalMask block(SignalSet set) {
  SignalMask inherited;
  for (int signo = 1; signo <= last_signal; ++signo) {
    if (disposition(signo) == Disposition::ignored) inherited.ignored |= signal_bit(signo);
  }
  set_disposition(SIGCHLD, Disposition::standard);
  inherited.blocked = set_blocked_signals(set);
  if (const SignalSet* const before = mask_before_early_block()) inherited.blocked = *before;
  return inherited;
}

}  // namespace

SignalSet fault_signals() {
  SignalSet set = 0;
  for (const int signo : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
    set |= signal_bit(signo);
  }
  return set;
}

Disposition disposition(int signo) {
  KernelAction action = {};
  ::syscall(SYS_rt_sigaction, signo, nullptr, &action, sizeof(SignalSet));
  if (action.handler == SIG_DFL) return Disposition::standard;
  return action.handler == SIG_IGN ? Disposition::ignored : Disposition::handled;
}

void set_disposition(int signo, Disposition standard_or_ignored) {
  KernelAction action = {};
  action.handler = standard_or_ignored == Disposition::ignored ? SIG_IGN : SIG_DFL;
  ::syscall(SYS_rt_sigaction, signo, &action, nullptr, sizeof(SignalSet));
}

SignalSet set_blocked_signals(SignalSet blocked) {
  SignalSet before = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, &before, sizeof(SignalSet));
  return before;
}

SignalSet blocked_signals() {
  SignalSet blocked = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, nullptr, &blocked, sizeof(SignalSet));
  return blocked;
}

SignalMask block_async_signals() { return block(all_signals & ~fault_signals()); }

SignalMask block_all_signals() { return block(all_signals); }

std::string signal_name(int signo) {
  if (const char* const name = ::sigabbrev_np(signo)) return std::string("SIG") + name;
  if (signo == SIGRTMIN) return "SIGRTMIN";
  if (signo > SIGRTMIN && signo <= SIGRTMAX) {
    return "SIGRTMIN+" + std::to_string(signo - SIGRTMIN);
  }
  return "signal " + std::to_string(signo);
}

}  // namespace pid1::system
