#include "tests/support/processes.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pid1::testing {

std::vector<Process> processes_under(pid_t init) {
  namespace fs = std::filesystem;
  std::vector<Process> processes;
  std::error_code error;
  const std::string proc = "/proc/" + std::to_string(init) + "/root/proc";
  for (const fs::directory_entry& entry : fs::directory_iterator(proc, error)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string line;
    if (!std::getline(file, line)) continue;  // ended in the meantime
    const std::size_t open = line.find('(');
    const std::size_t close = line.rfind(')');
    Process process;
    process.pid = std::stoi(name);
    process.command = line.substr(open + 1, close - open - 1);
    pid_t group = 0;
    pid_t session = 0;
    int terminal = 0;
    std::istringstream(line.substr(close + 1)) >> process.state >> process.ppid >> group >>
        session >> terminal >> process.foreground;
    processes.push_back(process);
  }
  return processes;
}

// setns() moves children only, hence the second fork.
bool signal_in_namespace(int pidfd, pid_t pid, int signo) {
  const pid_t outside = fork();
  if (outside == 0) {
    if (setns(pidfd, CLONE_NEWPID) != 0) _exit(1);
    const pid_t inside = fork();
    if (inside == 0) _exit(kill(pid, signo) == 0 ? 0 : 1);
    int status = 1;
    waitpid(inside, &status, 0);
    // Killed: the signal has ended the namespace.
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 0);
  }
  int status = 1;
  waitpid(outside, &status, 0);
  return status == 0;
}

}  // namespace pid1::testing
