#include "supervisor/system/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace pid1::system {
namespace {

constexpr std::size_t kOrdinarySize = std::size_t{64} << 10;

}  // namespace

std::optional<Pipe> make_pipe(std::size_t size) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe = {.reading = UniqueFd(ends[0]), .writing = UniqueFd(ends[1])};
  if (::fcntl(pipe.reading.get(), F_SETFL, O_NONBLOCK) != 0) return std::nullopt;
  if (size < kOrdinarySize) resize_pipe(pipe.reading.get(), size);
  while (size > kOrdinarySize && !resize_pipe(pipe.reading.get(), size)) size /= 2;
  return pipe;
}

std::size_t pipe_size(int fd) {
  const int size = ::fcntl(fd, F_GETPIPE_SZ);
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

bool resize_pipe(int fd, std::size_t size) {
  return ::fcntl(fd, F_SETPIPE_SZ, static_cast<int>(size)) >= 0;
}

Pipe open_pipe() {
  auto pipe = make_pipe(kOrdinarySize);
  return pipe ? std::move(*pipe) : Pipe{};
}

int give_pipe_to(int fd, std::uint32_t uid) {
  return ::fchown(fd, uid, static_cast<gid_t>(-1)) == 0 ? 0 : errno;
}

ssize_t read_some(int fd, std::span<char> buffer) {
  const ssize_t count = ::read(fd, buffer.data(), buffer.size());
  return count >= 0 ? count : -errno;
}

}  // namespace pid1::system
