// PID 1 of a container in which the program under test isn't: runs it as a child, hands it every
// signal, reaps, and ends with its code, or 128 + the signal's number.
//
//   guard [--beside] [--jumping-clock] PROGRAM ARGV0 [ARG…]
//
//   --beside         runs `probe bystander` too, which is none of the program's descendants; when
//   the
//                    program has ended it is asked, by SIGPWR, to end
//   --jumping-clock  the program sees a wall clock that jumps (wall_clock.h)
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <optional>

#include "tests/support/channel.h"
#include "tests/support/wall_clock.h"

namespace pid1::testing {

namespace {

pid_t start_bystander() {
  const pid_t pid = fork();
  if (pid == 0) {
    execlp("probe", "probe", "bystander", "deaf", "on=PWR:0", nullptr);
    _exit(125);
  }
  return pid;
}

pid_t start_program(char** words, const sigset_t& mask, const std::optional<JumpingClock>& clock) {
  const pid_t pid = fork();
  if (pid == 0) {
    setsid();
    sigprocmask(SIG_SETMASK, &mask, nullptr);
    if (clock) JumpingClock::trace_me();
    execv(words[0], words + 1);
    _exit(125);
  }
  return pid;
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// Reaps whatever has ended. The wait status of `awaited`, if it is among them.
std::optional<int> reap(pid_t awaited, std::optional<JumpingClock>& clock) {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (WIFSTOPPED(status)) {
      clock->continue_stopped(pid, status);
    } else if (pid == awaited) {
      return status;
    }
  }
  return std::nullopt;
}

// As far as signals are concerned the guard isn't there.
int watch(pid_t program, std::optional<JumpingClock>& clock) {
  sigset_t all;
  sigfillset(&all);
  for (;;) {
    if (const auto status = reap(program, clock)) return code_of(*status);
    const int signo = sigwaitinfo(&all, nullptr);
    if (signo > 0 && signo != SIGCHLD) kill(program, signo);
  }
}

}  // namespace

}  // namespace pid1::testing

int main(int, char** argv) {
  using namespace pid1::testing;
  sigset_t all;
  sigset_t inherited;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &inherited);
  const Channel channel("guard");
  channel.report("guarding");
  std::optional<JumpingClock> clock;
  pid_t bystander = 0;
  char** words = argv + 1;
  for (; *words != nullptr && **words == '-'; ++words) {
    if (std::strcmp(*words, "--beside") == 0) bystander = start_bystander();
    if (std::strcmp(*words, "--jumping-clock") == 0) clock.emplace(channel);
  }
  const pid_t program = start_program(words, inherited, clock);
  const int code = watch(program, clock);
  if (bystander > 0) {
    kill(bystander, SIGPWR);
    waitpid(bystander, nullptr, 0);
  }
  return code;
}
