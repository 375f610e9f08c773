#pragma once

#include <variant>

namespace pid1 {

// How a process ended, as waitid(2) tells it in siginfo_t: CLD_EXITED, or CLD_KILLED and
// CLD_DUMPED.
struct Exited {
  int code = 0;  // 0–255
  bool operator==(const Exited&) const = default;
};

struct Signaled {
  int signo = 0;  // 1–64
  bool core_dumped = false;
  bool operator==(const Signaled&) const = default;
};

using ExitStatus = std::variant<Exited, Signaled>;

// What a shell, and so a container's engine, makes of it: the code, or 128 + the signal's number.
int exit_code(const ExitStatus& status);

}  // namespace pid1
