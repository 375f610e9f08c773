#include "supervisor/output/syslog_server.h"

#include "supervisor/system/syslog_socket.h"

namespace pid1::output {
namespace {

// What is longer is cut. glibc's syslog() writes what it is given.
constexpr std::size_t kLongestMessage = std::size_t{64} << 10;

// So many in one turn: others have theirs.
constexpr int kMostInATurn = 64;

}  // namespace

SyslogServer::SyslogServer(system::Poller& poller, Received received)
    : poller_(poller), received_(std::move(received)) {}

SyslogServer::~SyslogServer() {
  if (fd_) poller_.forget(fd_.get(), *this);
}

int SyslogServer::listen(const std::string& path) {
  auto made = system::listen_local(path);
  if (!made.fd) return made.error;
  fd_ = std::move(made.fd);
  buffer_ = std::make_unique_for_overwrite<char[]>(kLongestMessage);
  return poller_.watch(fd_.get(), system::Interest::reading, *this);
}

void SyslogServer::ready() {
  for (int i = 0; i < kMostInATurn; ++i) {
    const system::ReceivedMessage received =
        system::receive_message(fd_.get(), {buffer_.get(), kLongestMessage});
    if (received.size < 0) return;
    const std::string_view datagram(buffer_.get(), static_cast<std::size_t>(received.size));
    received_(parse_syslog(datagram), {.pid = received.pid, .uid = received.uid});
  }
}

}  // namespace pid1::output
