#include "supervisor/system/wait.h"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace pid1::system {

std::variant<Reaped, ReapEnd> reap() {
  siginfo_t info = {};
  int result;
  do {
    result = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG);
  } while (result != 0 && errno == EINTR);

  if (result != 0) return ReapEnd::no_children;
  if (info.si_pid == 0) return ReapEnd::none_ended;
  return Reaped{.pid = info.si_pid,
                .signaled = info.si_code != CLD_EXITED,
                .core_dumped = info.si_code == CLD_DUMPED,
                .status = info.si_status};
}

std::int32_t next_ended() {
  siginfo_t info = {};
  const int result = ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
  return result == 0 ? info.si_pid : 0;
}

bool has_children() {
  siginfo_t info = {};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

bool is_child(std::int32_t pid) {
  if (pid <= 0) return false;
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void await_end(std::int32_t pid) {
  siginfo_t info = {};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
  }
}

int stop_signal_of(std::int32_t pid) {
  siginfo_t info = {};
  const int result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOHANG);
  return result == 0 && info.si_pid != 0 ? info.si_status : 0;
}

}  // namespace pid1::system
