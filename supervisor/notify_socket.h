#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "supervisor/notify_message.h"
#include "supervisor/read_watch.h"
#include "supervisor/system/notify_receiver.h"

namespace pid1::supervisor {

// By the kernel's word. The process may have ended since: whoever asks /proc about it does so
// before it is reaped.
struct NotifySender {
  std::int32_t pid = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

struct NotifyHandlers {
  // In the order in which they were sent. The message is valid during the call.
  std::function<void(const NotifySender&, const NotifyMessage&)> notified;
  // A datagram that is no message, from sender.pid or, if 0, from outside; in a few words, why.
  std::function<void(const NotifySender&, std::string_view why)> refused;
};

// Where a service says how it is, sd_notify(3). Bounded work a turn of the
// loop, and no memory for a message. A barrier's descriptor is closed when all that was sent before
// has been handed to `notified`; other descriptors are closed unseen.
class NotifySocket {
 public:
  NotifySocket(boost::asio::io_context& loop, NotifyHandlers handlers,
               const std::string& directory = "/run/pid1", const std::string& name = "notify");

  // errno where there is no socket, or 0.
  int error() const { return receiver_.error(); }
  // The value of NOTIFY_SOCKET; empty where there is no socket.
  const std::string& address() const { return receiver_.address(); }

  // Handles what waits. To be called before processes are reaped, whose last words may be among it:
  // the pid of one that has ended still tells whose it was until then. Not from a handler.
  void drain();

 private:
  void read(std::size_t most);
  void handle(const system::Datagram& datagram) const;

  system::NotifyReceiver receiver_;
  NotifyHandlers handlers_;
  ReadWatch watch_;
};

}  // namespace pid1::supervisor
