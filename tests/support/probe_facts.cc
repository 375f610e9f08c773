#include "tests/support/probe_facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
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

constexpr const char* kUnknown = "unknown";

// Of /proc/self/status.
std::string status_value(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":\t")) return line.substr(key.size() + 2);
  }
  return kUnknown;
}

// All 64: sigaction() and sigprocmask() keep two of them from us.
std::string signals_in(const std::string& key) {
  std::string value = status_value(key);
  if (value == kUnknown) return value;  // no descriptor was left to read it
  const unsigned long long mask = std::stoull(value, nullptr, 16);
  std::vector<int> signals;
  for (int signo = 1; signo <= 64; ++signo) {
    if ((mask >> (signo - 1) & 1) != 0) signals.push_back(signo);
  }
  return joined(signals);
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

// Of each resource the soft and the hard one; "-": none.
std::string resource_limits() {
  const auto text = [](rlim_t limit) {
    return limit == RLIM_INFINITY ? "-" : std::to_string(limit);
  };
  std::string all;
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    rlimit limit{};
    getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
    all += text(limit.rlim_cur) + ':' + text(limit.rlim_max) + ' ';
  }
  return all;
}

std::string first_word_of(const char* path) {
  std::ifstream file(path);
  std::string word = kUnknown;
  file >> word;
  return word;
}

// Of version 2; empty where there is none.
std::string own_cgroup() {
  std::ifstream cgroups("/proc/self/cgroup");
  for (std::string line; std::getline(cgroups, line);) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return "";
}

// Whatever the standard descriptors are.
int foreground_group() {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return -1;
  const int group = tcgetpgrp(terminal);
  close(terminal);
  return group;
}

}  // namespace

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::size_t equals = text.find('=');
    variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

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
      {"mask", signals_in("SigBlk")},
      {"ignored", signals_in("SigIgn")},
      {"stdin", standard_input()},
      {"capabilities", status_value("CapEff")},
      {"bounding", status_value("CapBnd")},
      {"ambient", status_value("CapAmb")},
      {"cgroup", own_cgroup()},
      {"processors", status_value("Cpus_allowed_list")},
      {"nice", std::to_string(getpriority(PRIO_PROCESS, 0))},
      {"oom_score_adj", first_word_of("/proc/self/oom_score_adj")},
      {"limits", resource_limits()},
      {"tpgid", std::to_string(foreground_group())},
      {"no_new_privs", std::to_string(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))},
  };
}

}  // namespace pid1::testing
