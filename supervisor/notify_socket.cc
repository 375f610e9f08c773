#include "supervisor/notify_socket.h"

#include <optional>
#include <utility>

#include "supervisor/system/close_elsewhere.h"

namespace pid1::supervisor {
namespace {

// Signals and deaths get their turn in a flood.
constexpr std::size_t kMessagesPerTurn = 64;

// The kernel queues net.unix.max_dgram_qlen messages, and then its writers wait: 10 by itself, 512
// where systemd has set it. So many were there, at the most, when a process that has ended by now
// sent its last.
constexpr std::size_t kMessagesBeforeReaping = 1024;

}  // namespace

NotifySocket::NotifySocket(boost::asio::io_context& loop, NotifyHandlers handlers,
                           const std::string& directory, const std::string& name)
    : receiver_(directory, name), handlers_(std::move(handlers)), watch_(loop) {
  if (receiver_.error() == 0) watch_.start(receiver_.fd(), [this] { read(kMessagesPerTurn); });
}

void NotifySocket::drain() {
  if (receiver_.error() == 0) read(kMessagesBeforeReaping);
}

void NotifySocket::read(std::size_t most) {
  for (std::size_t count = 0; count < most; ++count) {
    std::optional<system::Datagram> datagram = receiver_.receive();
    if (!datagram) return;
    handle(*datagram);
    system::close_elsewhere(datagram->descriptors);
  }
}

void NotifySocket::handle(const system::Datagram& datagram) const {
  using Flaw = system::Datagram::Flaw;
  const NotifySender sender = {.pid = datagram.pid, .uid = datagram.uid, .gid = datagram.gid};
  switch (datagram.flaw) {
    case Flaw::too_long: handlers_.refused(sender, "it is longer than 4096 bytes"); return;
    case Flaw::unknown_sender:
      handlers_.refused(sender, "its sender isn't in this container");
      return;
    case Flaw::none: break;
  }
  const auto message = parse_notify_message(datagram.text);
  if (!message) return handlers_.refused(sender, "it holds a null byte");
  handlers_.notified(sender, *message);
}

}  // namespace pid1::supervisor
