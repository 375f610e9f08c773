#include "supervisor/system/children.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

// As long as numbers have not come round (pid_max, 32,768 or 4,194,304; proc_sys_kernel(5)).
constexpr std::int32_t least_searched = 65536;

// 0 where there is no process to be had.
std::int32_t newest_number() {
  const pid_t newest = ::_Fork();
  if (newest == 0) ::_exit(0);
  if (newest < 0) return 0;
  while (::waitpid(newest, nullptr, 0) < 0 && errno == EINTR) {
  }
  return newest;
}

bool is_living_child(std::int32_t pid) {
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

}  // namespace

std::optional<std::vector<std::int32_t>> list_children() {
  const UniqueFd file(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::vector<std::int32_t> children;
  std::array<char, 4096> buffer;
  std::int32_t number = 0;
  for (ssize_t bytes; (bytes = ::read(file.get(), buffer.data(), buffer.size())) > 0;) {
    for (const char c : std::span(buffer).first(static_cast<std::size_t>(bytes))) {
      if (c != ' ') {
        number = number * 10 + (c - '0');
        continue;
      }
      children.push_back(number);
      number = 0;
    }
  }
  return children;
}

std::vector<std::int32_t> find_children_by_number() {
  std::vector<std::int32_t> children;
  const std::int32_t last = std::max(newest_number(), least_searched);
  for (std::int32_t pid = 2; pid <= last; ++pid) {
    if (is_living_child(pid)) children.push_back(pid);
  }
  return children;
}

}  // namespace pid1::system
