#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Sockets that syslog messages go through: non-blocking, closed on exec.

enum class Framing : std::uint8_t {
  datagram,  // a message each
  stream,    // bytes
};

struct SyslogConnection {
  UniqueFd fd = {};
  Framing framing = Framing::datagram;
  int error = 0;  // errno, where there is no descriptor
};

// Of a Unix socket, of datagrams or else a stream (unix(7)).
SyslogConnection connect_local(const std::string& path);

enum class InternetProtocol : std::uint8_t { udp, tcp };

// `address` is numeric, of IPv4 or IPv6 (inet_pton(3)): EINVAL for all else. A connection of TCP
// may still be on its way: it can be written to when it is made, or has failed.
SyslogConnection connect_internet(InternetProtocol protocol, const std::string& address,
                                  std::uint16_t port);

// How many bytes went; a datagram goes whole. Or -errno.
ssize_t send_some(int fd, std::span<const std::string_view> pieces);

// Why nothing goes there any more: EPIPE where the other side has closed it, ECONNREFUSED where it
// never was there, and so on; 0: it is there. Discards what it has sent.
int hang_up(int fd);

// Listens at a path for datagrams of any user. What an earlier process left there is replaced if it
// is a socket that nobody listens to any more, else EADDRINUSE.
SyslogConnection listen_local(const std::string& path);

struct ReceivedMessage {
  ssize_t size = 0;      // bytes in the buffer; -errno: -EAGAIN: there is none now
  std::int32_t pid = 0;  // of the sender, as the kernel knows it (SCM_CREDENTIALS); 0: unknown
  std::uint32_t uid = 0;
};

// The next datagram, cut to the buffer's size.
ReceivedMessage receive_message(int fd, std::span<char> buffer);

}  // namespace pid1::system
