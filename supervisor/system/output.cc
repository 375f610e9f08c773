#include "supervisor/system/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace pid1::system {
namespace {

enum class StreamKind { pipe, terminal };

ssize_t result_of(ssize_t written) { return written >= 0 ? written : -errno; }

bool is_ready(int fd) {
  struct pollfd wanted = {.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&wanted, 1, 0) == 1;
}

// The first part of `bytes` that fits whenever poll(2) says "writable", if nobody else writes in
// between. A pipe then has room for PIPE_BUF bytes. A terminal has at least one block of 256 bytes
// (drivers/tty/tty_buffer.c), which it spends on each run of ordinary characters and on each
// control character, for that may become two or more.
std::size_t safe_length(std::span<const char> bytes, StreamKind kind) {
  if (kind == StreamKind::pipe) return std::min<std::size_t>(bytes.size(), PIPE_BUF);
  constexpr std::size_t longest_run = 128;
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), longest_run));
  const auto control = std::find_if(bytes.begin(), end, [](char c) { return c >= 0 && c < ' '; });
  return std::max<std::size_t>(1, static_cast<std::size_t>(control - bytes.begin()));
}

ssize_t write_in_parts(int fd, std::span<const char> bytes, StreamKind kind) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    if (!is_ready(fd)) return done > 0 ? static_cast<ssize_t>(done) : -EAGAIN;
    const std::span<const char> left = bytes.subspan(done);
    const ssize_t written = ::write(fd, left.data(), safe_length(left, kind));
    if (written < 0) return done > 0 ? static_cast<ssize_t>(done) : -errno;
    done += static_cast<std::size_t>(written);
  }
  return static_cast<ssize_t>(done);
}

bool is_unknown(int error) {
  switch (error) {
    case EOPNOTSUPP:
    case ENOSYS:
    case EINVAL: return true;
    default: return false;
  }
}

// Pipes know RWF_NOWAIT in a Linux of some years, terminals don't.
ssize_t write_to_stream(int fd, std::span<const char> bytes, StreamKind kind) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): an iovec is for reading into, too
  const struct iovec whole = {const_cast<char*>(bytes.data()), bytes.size()};
  const ssize_t written = ::pwritev2(fd, &whole, 1, -1, RWF_NOWAIT);
  if (written < 0 && is_unknown(errno)) return write_in_parts(fd, bytes, kind);
  return result_of(written);
}

// To open the multiplexer again would make another terminal.
bool is_terminal_master(int fd) {
  unsigned number = 0;
  return ::ioctl(fd, TIOCGPTN, &number) == 0;
}

bool can_be_reopened(int fd) {
  struct stat status;
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || ::fstat(fd, &status) != 0) return false;
  return S_ISFIFO(status.st_mode) || (::isatty(fd) == 1 && !is_terminal_master(fd));
}

}  // namespace

UniqueFd reopen_for_writing(int fd) {
  if (!can_be_reopened(fd)) return {};
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

ssize_t write_without_blocking(int fd, std::span<const char> bytes) {
  struct stat status;
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fstat(fd, &status) != 0) return -errno;
  if (bytes.empty()) return 0;
  if (S_ISSOCK(status.st_mode)) {
    return result_of(::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
  }
  if (S_ISREG(status.st_mode) || (flags & O_NONBLOCK) != 0) {
    return result_of(::write(fd, bytes.data(), bytes.size()));
  }
  return write_to_stream(fd, bytes,
                         S_ISFIFO(status.st_mode) ? StreamKind::pipe : StreamKind::terminal);
}

bool lead_to_the_same(int one, int other) {
  struct stat first;
  struct stat second;
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace pid1::system
