#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace pid1::testing {

// One process, as seen from inside its PID namespace.
struct Process {
  pid_t pid = 0;
  pid_t ppid = 0;
  char state = '?';      // proc_pid_stat(5)
  pid_t foreground = 0;  // the foreground group of its controlling terminal; -1: it has none
  std::string command;
};

// Those of the PID namespace whose first process is `init`, which has mounted a /proc of its own.
std::vector<Process> processes_under(pid_t init);

// Sends to the process with this number in the namespace of the process behind `pidfd`, from
// outside. False where there is none.
bool signal_in_namespace(int pidfd, pid_t pid, int signo);

}  // namespace pid1::testing
