#pragma once

#include <sys/types.h>

#include "tests/support/channel.h"

namespace pid1::testing {

// A wall clock that jumps, for one process alone: traced from before its exec on (ptrace(2)), it
// has no vDSO, and each time that it reads CLOCK_REALTIME the clock has jumped a year, to and fro.
// Its children aren't traced. A timer of the wall clock is reported as "wall-clock-timer", a first
// reading as "wall-clock-read".
class JumpingClock {
 public:
  explicit JumpingClock(const Channel& channel) : channel_(channel) {}

  // In the child that is to be traced, right before its exec.
  static void trace_me();

  // In its parent, which is PID 1: what waitpid() said about any process that hasn't ended. It goes
  // on.
  void continue_stopped(pid_t pid, int status);

 private:
  void continue_with(pid_t pid, int signo) const;
  void look_at_syscall(pid_t pid);
  void enter(unsigned long number, const unsigned long long* args);
  void leave(pid_t pid);

  const Channel& channel_;
  unsigned long long clock_result_ = 0;  // where a reading in progress writes; 0: there is none
  int readings_ = 0;
};

}  // namespace pid1::testing
