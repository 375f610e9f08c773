#pragma once

#include <functional>
#include <memory>
#include <string>

#include "supervisor/output/syslog_message.h"
#include "supervisor/system/poller.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::output {

// Who sent a message, as the kernel knows it.
struct SyslogSender {
  std::int32_t pid = 0;  // 0: unknown
  std::uint32_t uid = 0;
};

// Listens where programs that know nothing else send their messages, /dev/log.
class SyslogServer final : private system::Pollee {
 public:
  using Received = std::function<void(const SyslogMessage& message, const SyslogSender& sender)>;

  // `poller` outlives this.
  SyslogServer(system::Poller& poller, Received received);
  ~SyslogServer() override;
  SyslogServer(const SyslogServer&) = delete;
  SyslogServer& operator=(const SyslogServer&) = delete;

  // 0 or errno: EADDRINUSE where somebody listens there, or it is no socket. The name stays behind
  // when this ends, and the next one takes it over.
  int listen(const std::string& path);
  // Takes what has come by now, while it can be told who has sent it.
  void drain() {
    if (fd_) ready();
  }

 private:
  void ready() override;

  system::Poller& poller_;
  const Received received_;
  system::UniqueFd fd_;
  std::unique_ptr<char[]> buffer_;  // not initialised: most messages are short
};

}  // namespace pid1::output
