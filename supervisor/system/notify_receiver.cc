#include "supervisor/system/notify_receiver.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <utility>

#include "supervisor/system/close_elsewhere.h"
#include "supervisor/system/process.h"

namespace pid1::system {
namespace {

struct Address {
  struct sockaddr_un bytes = {.sun_family = AF_UNIX, .sun_path = {}};
  socklen_t size = 0;  // 0: the name is too long

  const struct sockaddr* get() const { return reinterpret_cast<const struct sockaddr*>(&bytes); }
};

// As NOTIFY_SOCKET has it: '@' stands for the null byte of an abstract name.
Address to_address(const std::string& name) {
  Address address;
  if (name.size() >= sizeof address.bytes.sun_path) return address;
  name.copy(address.bytes.sun_path, name.size());
  const bool is_abstract = name.front() == '@';
  if (is_abstract) address.bytes.sun_path[0] = '\0';
  // A path takes its null byte with it; in an abstract name it would be part of the name.
  const std::size_t length = is_abstract ? name.size() : name.size() + 1;
  address.size = static_cast<socklen_t>(offsetof(struct sockaddr_un, sun_path) + length);
  return address;
}

UniqueFd open_socket() {
  UniqueFd result(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  // Before it has an address, so that no datagram comes without credentials.
  if (result && ::setsockopt(result.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) {
    const int error = errno;
    result.reset();
    errno = error;
  }
  return result;
}

// The directory, locked, if nobody else may put something into it.
UniqueFd own_directory(const std::string& path) {
  const bool is_new = ::mkdir(path.c_str(), 0755) == 0;
  UniqueFd directory(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status;
  if (!directory || ::fstat(directory.get(), &status) != 0) return {};
  if (is_new && ::fchmod(directory.get(), 0755) != 0) return {};  // whatever our umask
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return {};
  if (::flock(directory.get(), LOCK_EX | LOCK_NB) != 0) return {};
  return directory;
}

// What an earlier pid1 that was killed has left behind: a file to which no socket belongs.
bool is_stale(const Address& address) {
  const UniqueFd probe(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return probe && ::connect(probe.get(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
}

std::string random_name() {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, random_seed(), 16).ptr;
  return "@pid1/" + std::string(digits, end);
}

// Returns how many descriptors there are. Those that got lost for want of ours (MSG_CTRUNC) are no
// loss: all are only to be closed.
std::size_t take_control(struct msghdr& message, Datagram& sender,
                         std::span<UniqueFd> descriptors) {
  std::size_t count = 0;
  for (struct cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET) continue;
    const std::size_t length = part->cmsg_len - CMSG_LEN(0);
    if (part->cmsg_type == SCM_CREDENTIALS && length >= sizeof(struct ucred)) {
      struct ucred credentials;
      std::memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
      sender.pid = credentials.pid;
      sender.uid = credentials.uid;
      sender.gid = credentials.gid;
    }
    if (part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t here = std::min(length / sizeof(int), descriptors.size() - count);
    for (std::size_t i = 0; i < here; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      descriptors[count++].reset(fd);
    }
  }
  return count;
}

}  // namespace

NotifyReceiver::NotifyReceiver(const std::string& directory, const std::string& name)
    : socket_(open_socket()) {
  if (!socket_) {
    error_ = errno;
  } else if (!bind_in(directory, name)) {
    bind_abstract();
  }
}

NotifyReceiver::~NotifyReceiver() {
  close_descriptors();
  if (!address_.starts_with('/')) return;
  ::unlink(address_.c_str());
  ::rmdir(address_.substr(0, address_.rfind('/')).c_str());
}

bool NotifyReceiver::bind_in(const std::string& directory, const std::string& name) {
  const UniqueFd lock = own_directory(directory);
  const std::string path = directory + "/" + name;
  const Address address = to_address(path);
  if (!lock || address.size == 0) return false;
  if (is_stale(address)) ::unlink(path.c_str());
  if (::bind(socket_.get(), address.get(), address.size) != 0) return false;
  if (::chmod(path.c_str(), 0666) != 0) {
    ::unlink(path.c_str());
    return false;
  }
  address_ = path;
  return true;
}

void NotifyReceiver::bind_abstract() {
  // A socket that has a name can't be given another.
  socket_ = open_socket();
  const std::string name = random_name();
  const Address address = to_address(name);
  if (!socket_ || ::bind(socket_.get(), address.get(), address.size) != 0) {
    error_ = errno;
    socket_.reset();
    return;
  }
  address_ = name;
}

void NotifyReceiver::close_descriptors() {
  close_elsewhere(std::span(descriptors_).first(std::exchange(descriptor_count_, 0)));
}

std::optional<Datagram> NotifyReceiver::receive() {
  close_descriptors();
  alignas(struct cmsghdr) char
      control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(max_descriptors * sizeof(int))];
  struct iovec place = {.iov_base = text_.data(), .iov_len = text_.size()};
  struct msghdr message = {};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t bytes = ::recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (bytes < 0) return std::nullopt;

  Datagram datagram;
  datagram.text = std::span(text_).first(static_cast<std::size_t>(bytes));
  descriptor_count_ = take_control(message, datagram, descriptors_);
  datagram.descriptors = std::span(descriptors_).first(descriptor_count_);
  if ((message.msg_flags & MSG_TRUNC) != 0) datagram.flaw = Datagram::Flaw::too_long;
  if (datagram.pid <= 0) datagram.flaw = Datagram::Flaw::unknown_sender;
  return datagram;
}

}  // namespace pid1::system
