#include "tests/support/probe_facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>
#include <vector>

namespace pid1::testing {

namespace {

template <typename Numbers>
std::string joined(const Numbers& numbers) {
  std::string text;
  for (const auto number : numbers) {
    if (!text.empty()) text += ',';
    text += std::to_string(number);
  }
  return text;
}

std::string blocked_signals() {
  sigset_t mask;
  sigprocmask(SIG_BLOCK, nullptr, &mask);
  std::vector<int> blocked;
  for (int signo = 1; signo <= 64; ++signo) {
    if (sigismember(&mask, signo) == 1) blocked.push_back(signo);
  }
  return joined(blocked);
}

std::string ignored_signals() {
  std::vector<int> ignored;
  for (int signo = 1; signo <= 64; ++signo) {
    struct sigaction action = {};
    if (sigaction(signo, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      ignored.push_back(signo);
    }
  }
  return joined(ignored);
}

// Without fcntl() on each possible number: the limit may be in the millions.
std::string open_descriptors() {
  std::set<int> fds;
  DIR* directory = opendir("/proc/self/fd");
  if (directory == nullptr) return "unknown";
  while (const dirent* entry = readdir(directory)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && fd != dirfd(directory)) fds.insert(fd);
  }
  closedir(directory);
  return joined(fds);
}

std::string supplementary_groups() {
  std::array<gid_t, 256> groups;
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  return joined(std::set<gid_t>(groups.begin(), groups.begin() + (count < 0 ? 0 : count)));
}

std::string file_mode_mask() {
  const mode_t mask = umask(0);
  umask(mask);
  return std::to_string(mask);
}

std::string working_directory() {
  std::array<char, PATH_MAX> path;
  return getcwd(path.data(), path.size()) == nullptr ? "unknown" : path.data();
}

std::string standard_input() {
  std::array<char, PATH_MAX> path;
  const ssize_t length = readlink("/proc/self/fd/0", path.data(), path.size());
  return length < 0 ? "closed" : std::string(path.data(), static_cast<std::size_t>(length));
}

std::string effective_capabilities() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("CapEff:\t")) return line.substr(8);
  }
  return "unknown";
}

}  // namespace

std::map<std::string, std::string> own_facts() {
  return {
      {"fds", open_descriptors()},
      {"pid", std::to_string(getpid())},
      {"ppid", std::to_string(getppid())},
      {"sid", std::to_string(getsid(0))},
      {"pgid", std::to_string(getpgrp())},
      {"uid", std::to_string(getuid())},
      {"euid", std::to_string(geteuid())},
      {"gid", std::to_string(getgid())},
      {"groups", supplementary_groups()},
      {"umask", file_mode_mask()},
      {"cwd", working_directory()},
      {"mask", blocked_signals()},
      {"ignored", ignored_signals()},
      {"stdin", standard_input()},
      {"capabilities", effective_capabilities()},
      {"no_new_privs", std::to_string(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))},
  };
}

}  // namespace pid1::testing
