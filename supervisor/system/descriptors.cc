#include "supervisor/system/descriptors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pid1::system {
namespace {

UniqueFd open_empty_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  const UniqueFd writing(ends[1]);
  return UniqueFd(ends[0]);
}

bool is_character_device(int fd) {
  struct stat status;
  return ::fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

int open_closed(const std::array<bool, 3>& closed) {
  if (closed == std::array<bool, 3>{}) return 0;
  UniqueFd null = open_null();
  if (!null) return errno;
  // What was opened may itself sit on one of the three numbers.
  const UniqueFd source(::fcntl(null.get(), F_DUPFD_CLOEXEC, 3));
  if (!source) return errno;
  null.reset();
  for (int fd = 0; fd <= 2; ++fd) {
    if (closed[static_cast<std::size_t>(fd)] && ::dup2(source.get(), fd) < 0) return errno;
  }
  return 0;
}

}  // namespace

UniqueFd open_null() {
  UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY));
  // Some images have an ordinary file there, left by a build's `> /dev/null`: it would grow.
  if (null && !is_character_device(null.get())) null.reset();
  return null ? std::move(null) : open_empty_pipe();
}

UniqueFd move_up(UniqueFd fd) {
  constexpr int high = 256;
  if (fd.get() >= high) return fd;
  UniqueFd moved(::fcntl(fd.get(), F_DUPFD_CLOEXEC, high));
  return moved ? std::move(moved) : std::move(fd);
}

StandardDescriptors ensure_standard_descriptors() {
  const std::array<bool, 3> closed = {!is_open(0), !is_open(1), !is_open(2)};
  return {.were_closed = closed, .error = open_closed(closed)};
}

}  // namespace pid1::system
