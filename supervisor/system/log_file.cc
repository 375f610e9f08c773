#include "supervisor/system/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "supervisor/system/writer.h"

namespace pid1::system {
namespace {

constexpr mode_t kMode = 0640;
// What turns out to be a FIFO or a terminal must not be waited for.
constexpr int kCareful = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;

bool lacks_newline(int fd, std::uint64_t size) {
  char last = '\n';
  if (size > 0 && ::pread(fd, &last, 1, static_cast<off_t>(size - 1)) != 1) return false;
  return last != '\n';
}

}  // namespace

LogFile open_log(const char* path) {
  UniqueFd fd(::open(path, O_RDWR | O_APPEND | O_CREAT | kCareful, kMode));
  if (!fd) return {.fd = {}, .error = errno};
  struct stat status;
  if (::fstat(fd.get(), &status) != 0) return {.fd = {}, .error = errno};
  if (!S_ISREG(status.st_mode)) return {.fd = {}, .error = EINVAL};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const bool within_line = lacks_newline(fd.get(), size);
  return {.fd = std::move(fd), .size = size, .ends_within_line = within_line};
}

ssize_t append_to_log(int fd, std::span<const std::string_view> pieces) {
  std::array<struct iovec, kMostPieces> parts;
  const std::size_t count = std::min(pieces.size(), kMostPieces);
  for (std::size_t i = 0; i < count; ++i) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): an iovec is for reading into, too
    parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  const ssize_t written = ::writev(fd, parts.data(), static_cast<int>(count));
  return written >= 0 ? written : -errno;
}

UniqueFd open_log_for_reading(const char* path) {
  UniqueFd fd(::open(path, O_RDONLY | kCareful));
  struct stat status;
  if (!fd || ::fstat(fd.get(), &status) != 0) return {};
  if (S_ISREG(status.st_mode)) return fd;
  errno = EINVAL;
  return {};
}

UniqueFd create_log(const char* path) {
  if (::unlink(path) != 0 && errno != ENOENT) return {};
  return UniqueFd(::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kMode));
}

int rename_log(const char* from, const char* to) { return std::rename(from, to) == 0 ? 0 : errno; }

int remove_log(const char* path) { return ::unlink(path) == 0 ? 0 : errno; }

}  // namespace pid1::system
