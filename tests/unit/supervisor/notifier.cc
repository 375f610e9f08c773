#include "tests/unit/supervisor/notifier.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

namespace pid1::test {

using system::UniqueFd;

Notifier::Notifier(const std::string& address)
    : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un where = {.sun_family = AF_UNIX, .sun_path = {}};
  address.copy(where.sun_path, sizeof where.sun_path);
  const bool is_abstract = address.starts_with('@');
  if (is_abstract) where.sun_path[0] = '\0';
  const std::size_t length = is_abstract ? address.size() : address.size() + 1;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  EXPECT_EQ(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&where), size), 0)
      << address << ": " << strerror(errno);
}

void Notifier::send(const std::string& message, const std::vector<int>& descriptors) {
  std::string text = message;
  iovec place = {.iov_base = text.data(), .iov_len = text.size()};
  msghdr header = {};
  header.msg_iov = &place;
  header.msg_iovlen = 1;
  const std::size_t bytes = descriptors.size() * sizeof(int);
  std::vector<char> control(CMSG_SPACE(bytes));
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(rights), descriptors.data(), bytes);
  }
  EXPECT_EQ(sendmsg(socket_.get(), &header, MSG_NOSIGNAL), static_cast<ssize_t>(message.size()))
      << strerror(errno);
}

std::pair<UniqueFd, UniqueFd> lingering_connection() {
  sockaddr_in where = {};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  auto* const address = reinterpret_cast<sockaddr*>(&where);
  const UniqueFd listening(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(bind(listening.get(), address, size), 0);
  EXPECT_EQ(listen(listening.get(), 1), 0);
  EXPECT_EQ(getsockname(listening.get(), address, &size), 0);
  UniqueFd ours(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(connect(ours.get(), address, size), 0);
  UniqueFd peer(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const linger patience = {.l_onoff = 1, .l_linger = 3600};
  EXPECT_EQ(setsockopt(ours.get(), SOL_SOCKET, SO_LINGER, &patience, sizeof patience), 0);
  EXPECT_EQ(fcntl(ours.get(), F_SETFL, O_NONBLOCK), 0);
  const std::vector<char> bytes(65536);
  while (write(ours.get(), bytes.data(), bytes.size()) > 0) continue;
  return {std::move(ours), std::move(peer)};
}

}  // namespace pid1::test
