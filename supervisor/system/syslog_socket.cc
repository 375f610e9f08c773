#include "supervisor/system/syslog_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "supervisor/system/writer.h"

namespace pid1::system {
namespace {

constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;

std::optional<struct sockaddr_un> local_address(const std::string& path) {
  struct sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  path.copy(address.sun_path, path.size());
  return address;
}

template <typename Address>
int connect_to(int fd, const Address& address) {
  const auto* const generic = reinterpret_cast<const struct sockaddr*>(&address);
  return ::connect(fd, generic, sizeof address) == 0 || errno == EINPROGRESS ? 0 : errno;
}

template <typename Address>
SyslogConnection open_connection(int type, const Address& address) {
  UniqueFd fd(::socket(address.family(), type | kFlags, 0));
  if (!fd) return {.fd = {}, .error = errno};
  const int error = connect_to(fd.get(), address.value);
  if (error != 0) return {.fd = {}, .error = error};
  return {.fd = std::move(fd), .framing = type == SOCK_DGRAM ? Framing::datagram : Framing::stream};
}

struct LocalAddress {
  struct sockaddr_un value;
  int family() const { return value.sun_family; }
};
struct Internet4Address {
  struct sockaddr_in value;
  int family() const { return value.sin_family; }
};
struct Internet6Address {
  struct sockaddr_in6 value;
  int family() const { return value.sin6_family; }
};

// Nobody listens at a socket that refuses us; one that a file is not, is not ours to remove.
bool is_left_over(const std::string& path) {
  struct stat status;
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  return connect_local(path).error == ECONNREFUSED;
}

}  // namespace

SyslogConnection connect_local(const std::string& path) {
  const auto address = local_address(path);
  if (!address) return {.fd = {}, .error = ENAMETOOLONG};
  SyslogConnection made = open_connection(SOCK_DGRAM, LocalAddress{*address});
  if (made.error != EPROTOTYPE) return made;
  return open_connection(SOCK_STREAM, LocalAddress{*address});
}

SyslogConnection connect_internet(InternetProtocol protocol, const std::string& address,
                                  std::uint16_t port) {
  const int type = protocol == InternetProtocol::udp ? SOCK_DGRAM : SOCK_STREAM;
  struct sockaddr_in four = {};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
    return open_connection(type, Internet4Address{four});
  }
  struct sockaddr_in6 six = {};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
    return open_connection(type, Internet6Address{six});
  }
  return {.fd = {}, .error = EINVAL};
}

ssize_t send_some(int fd, std::span<const std::string_view> pieces) {
  std::array<struct iovec, kMostPieces> parts;
  const std::size_t count = std::min(pieces.size(), kMostPieces);
  for (std::size_t i = 0; i < count; ++i) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): an iovec is for reading into, too
    parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
  }
  struct msghdr message = {};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  const ssize_t sent = ::sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent >= 0 ? sent : -errno;
}

int hang_up(int fd) {
  char discarded[4096];
  while (true) {
    const ssize_t count = ::recv(fd, discarded, sizeof discarded, MSG_DONTWAIT);
    if (count == 0) return EPIPE;
    if (count > 0) continue;
    const bool is_there = errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
    return is_there ? 0 : errno;
  }
}

SyslogConnection listen_local(const std::string& path) {
  const auto address = local_address(path);
  if (!address) return {.fd = {}, .error = ENAMETOOLONG};
  UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | kFlags, 0));
  if (!fd) return {.fd = {}, .error = errno};
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  const auto* const generic = reinterpret_cast<const struct sockaddr*>(&*address);
  int bound = ::bind(fd.get(), generic, sizeof *address);
  if (bound != 0 && errno == EADDRINUSE && is_left_over(path)) {
    ::unlink(path.c_str());
    bound = ::bind(fd.get(), generic, sizeof *address);
  }
  if (bound != 0) return {.fd = {}, .error = errno};
  constexpr mode_t everyone = 0666;
  if (::chmod(path.c_str(), everyone) != 0) return {.fd = {}, .error = errno};
  return {.fd = std::move(fd)};
}

ReceivedMessage receive_message(int fd, std::span<char> buffer) {
  struct iovec part = {buffer.data(), buffer.size()};
  alignas(struct cmsghdr) std::array<char, CMSG_SPACE(sizeof(struct ucred))> control;
  struct msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (size < 0) return {.size = -errno};
  ReceivedMessage received = {.size = size};
  for (struct cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS) continue;
    struct ucred sender;
    std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    received.pid = sender.pid;
    received.uid = sender.uid;
  }
  return received;
}

}  // namespace pid1::system
