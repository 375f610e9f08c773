#include "supervisor/system/small_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "supervisor/system/unique_fd.h"
#include "supervisor/system/wait.h"

namespace pid1::system {
namespace {

int write_now(const char* path, std::string_view text, IfMissing if_missing) {
  const int create = if_missing == IfMissing::create ? O_CREAT : 0;
  const UniqueFd file(
      ::open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | create, 0644));
  if (!file) return errno;
  struct stat status;
  if (::fstat(file.get(), &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
  // Not O_TRUNC, which would empty what turns out to be something else.
  if (::ftruncate(file.get(), 0) != 0) return errno;
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool becomes_readable(int fd, std::chrono::milliseconds patience) {
  struct pollfd wanted = {.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(patience.count())) == 1;
}

}  // namespace

int write_small_file(const char* path, std::string_view text, IfMissing if_missing,
                     std::chrono::milliseconds patience) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t pid = ::_Fork();
  if (pid < 0) return errno;
  if (pid == 0) {
    const int result = write_now(path, text, if_missing);
    [[maybe_unused]] const ssize_t written = ::write(writing.get(), &result, sizeof result);
    ::_exit(0);
  }
  writing.reset();
  if (!becomes_readable(reading.get(), patience)) {
    ::kill(pid, SIGKILL);
    return ETIMEDOUT;
  }
  int result = EIO;
  if (::read(reading.get(), &result, sizeof result) != sizeof result) result = EIO;
  await_end(pid);
  return result;
}

std::string read_small_file(const char* path, std::size_t most) {
  std::string text;
  const UniqueFd file(::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  char part[4096];
  while (file && text.size() < most) {
    const ssize_t count = ::read(file.get(), part, std::min(sizeof part, most - text.size()));
    if (count <= 0) break;
    text.append(part, static_cast<std::size_t>(count));
  }
  return text;
}

bool exists(const char* path) {
  struct stat status;
  return ::lstat(path, &status) == 0;
}

}  // namespace pid1::system
