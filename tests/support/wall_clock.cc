#include "tests/support/wall_clock.h"

#include <elf.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <ctime>

// <sys/ptrace.h> and <linux/ptrace.h> can't be included together.
extern "C" long ptrace(int request, ...) noexcept;

namespace pid1::testing {

namespace {

constexpr long kYear = 365L * 24 * 3600;
constexpr int kSyscallStop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD
constexpr unsigned long kFutexClockRealtime = 256;

template <typename Value>
bool transfer(pid_t pid, std::uint64_t address, Value& value, long number) {
  iovec here{&value, sizeof value};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address in another process
  iovec there{reinterpret_cast<void*>(address), sizeof value};
  return syscall(number, pid, &here, 1ul, &there, 1ul, 0ul) == static_cast<long>(sizeof value);
}

std::uint64_t word_at(pid_t pid, std::uint64_t address) {
  std::uint64_t word = 0;
  transfer(pid, address, word, SYS_process_vm_readv);
  return word;
}

// Without the vDSO the C library has to ask the kernel. At an exec the stack holds argc, argv, a
// null, the environment, a null, and pairs of type and value (getauxval(3)).
void hide_vdso(pid_t pid) {
  ptrace_syscall_info info{};
  ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
  std::uint64_t at = info.stack_pointer + 8 * (word_at(pid, info.stack_pointer) + 2);
  while (word_at(pid, at) != 0) at += 8;
  at += 8;
  for (std::uint64_t type; (type = word_at(pid, at)) != AT_NULL; at += 16) {
    std::uint64_t ignored = AT_IGNORE;
    if (type == AT_SYSINFO_EHDR) transfer(pid, at, ignored, SYS_process_vm_writev);
  }
}

bool is_wall_clock(unsigned long long clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
         clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
}

}  // namespace

void JumpingClock::trace_me() {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  raise(SIGSTOP);
}

void JumpingClock::continue_stopped(pid_t pid, int status) {
  const int signo = WSTOPSIG(status);
  if (signo == kSyscallStop) {
    look_at_syscall(pid);
    continue_with(pid, 0);
  } else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
    hide_vdso(pid);
    continue_with(pid, 0);
  } else if (signo == SIGSTOP) {
    ptrace(PTRACE_SETOPTIONS, pid, nullptr,
           PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    continue_with(pid, 0);
  } else {
    continue_with(pid, signo);
  }
}

void JumpingClock::continue_with(pid_t pid, int signo) const {
  ptrace(PTRACE_SYSCALL, pid, nullptr, static_cast<long>(signo));
}

void JumpingClock::look_at_syscall(pid_t pid) {
  ptrace_syscall_info info{};
  ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    std::array<unsigned long long, 6> args;
    for (std::size_t i = 0; i < args.size(); ++i) args[i] = info.entry.args[i];
    enter(info.entry.nr, args.data());
  } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    leave(pid);
  }
}

void JumpingClock::enter(unsigned long number, const unsigned long long* args) {
  clock_result_ = 0;
  switch (number) {
    case SYS_clock_gettime:
      if (is_wall_clock(args[0])) clock_result_ = args[1];
      return;
    case SYS_gettimeofday: clock_result_ = args[0]; return;
    case SYS_timerfd_create:
    case SYS_timer_create:
    case SYS_clock_nanosleep:
      if (is_wall_clock(args[0])) channel_.report("wall-clock-timer");
      return;
    case SYS_futex:
      if ((args[1] & kFutexClockRealtime) != 0) channel_.report("wall-clock-timer");
      return;
    default: return;
  }
}

void JumpingClock::leave(pid_t pid) {
  if (clock_result_ == 0) return;
  if (readings_++ == 0) channel_.report("wall-clock-read");
  std::uint64_t seconds = word_at(pid, clock_result_);  // timespec and timeval both begin with it
  seconds += readings_ % 2 == 1 ? kYear : -kYear;
  transfer(pid, clock_result_, seconds, SYS_process_vm_writev);
  clock_result_ = 0;
}

}  // namespace pid1::testing
