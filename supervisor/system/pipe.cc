#include "supervisor/system/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pid1::system {

Pipe open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  Pipe pipe = {.reading = UniqueFd(ends[0]), .writing = UniqueFd(ends[1])};
  // The ends have a description each, so that this doesn't reach the writer.
  ::fcntl(pipe.reading.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

ssize_t read_some(int fd, std::span<char> bytes) {
  const ssize_t count = ::read(fd, bytes.data(), bytes.size());
  return count >= 0 ? count : -errno;
}

}  // namespace pid1::system
