#pragma once

#include "supervisor/output/file_sink.h"
#include "supervisor/output/loop.h"
#include "supervisor/output/sink.h"
#include "supervisor/output/syslog_address.h"
#include "supervisor/system/syslog_socket.h"

namespace pid1::output {

struct SyslogOptions {
  SyslogAddress address = {};
  std::size_t limit = std::size_t{1} << 20;  // bytes that wait while the server is away
};

// Sends lines, each a message (SyslogFormat), to a syslog server: a datagram each, or with a
// newline behind each over a stream (RFC 6587, section 3.4.2). A server that is slow makes it
// congested; for one that is away the newest lines wait, and it is tried again with growing pauses.
// A name is looked up in /etc/hosts at each attempt; there is no DNS, which could block.
class SyslogSink final : public Sink, private system::Pollee {
 public:
  SyslogSink(Loop& loop, SyslogOptions options, LossNote note, Complaint complain);
  ~SyslogSink() override;
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;

 protected:
  std::ptrdiff_t put(std::span<const std::string_view> pieces) override;
  State judge(int error) override;
  void await(State state) override;

 private:
  void ready() override;
  int connect();
  void disconnect();
  void stall(int error);
  bool watch(system::Interest interest);
  std::ptrdiff_t send_datagram(std::string_view lines);

  Loop& loop_;
  const SyslogOptions options_;
  const Complaint complaint_;
  system::UniqueFd fd_;
  system::Framing framing_ = system::Framing::datagram;
  system::Interest interest_ = system::Interest::nothing;
  bool complained_ = false;
  std::unique_ptr<Alarm> alarm_;
  Backoff backoff_;
};

}  // namespace pid1::output
