#include "supervisor/system/writer.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "supervisor/system/output.h"

namespace pid1::system {

Writer::Writer(int fd) : fd_(fd), own_(reopen_for_writing(fd)), kind_(kind_of(fd, own_)) {}

Writer::Kind Writer::kind_of(int fd, const UniqueFd& own) {
  struct stat status;
  if (own) return Kind::own;
  if (::fstat(fd, &status) != 0) return Kind::shared;
  if (S_ISREG(status.st_mode)) return Kind::file;
  return S_ISSOCK(status.st_mode) ? Kind::socket : Kind::shared;
}

bool Writer::is_terminal() const { return ::isatty(fd_) == 1; }

ssize_t Writer::write(std::span<const std::string_view> pieces) const {
  std::array<struct iovec, kMostPieces> parts;
  const std::size_t count = std::min(pieces.size(), kMostPieces);
  for (std::size_t i = 0; i < count; ++i) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): an iovec is for reading into, too
    parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  ssize_t written = 0;
  switch (kind_) {
    case Kind::own:
    case Kind::file: written = ::writev(fd(), parts.data(), static_cast<int>(count)); break;
    case Kind::socket: {
      struct msghdr message = {};
      message.msg_iov = parts.data();
      message.msg_iovlen = count;
      written = ::sendmsg(fd_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
      break;
    }
    case Kind::shared: return write_shared(pieces.first(count));
  }
  return written >= 0 ? written : -errno;
}

ssize_t Writer::write_shared(std::span<const std::string_view> pieces) const {
  ssize_t total = 0;
  for (const std::string_view piece : pieces) {
    const ssize_t written = write_without_blocking(fd_, piece);
    if (written < 0) return total > 0 ? total : written;
    total += written;
    if (static_cast<std::size_t>(written) < piece.size()) break;
  }
  return total;
}

}  // namespace pid1::system
