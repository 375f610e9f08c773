#include "supervisor/output/syslog_sink.h"

#include <array>
#include <cerrno>

#include "supervisor/system/small_file.h"
#include "supervisor/system/text.h"

namespace pid1::output {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using system::Framing;
using system::Interest;

// UDP carries 65,507 bytes; what is longer is cut. Every receiver should take 2048 (RFC 5424,
// section 6.1), should the way there not take more.
constexpr std::size_t kLongestDatagram = 60'000;
constexpr std::size_t kSafeDatagram = 2048;

constexpr std::size_t kLongestHosts = std::size_t{1} << 20;

system::SyslogConnection open(const SyslogAddress& address) {
  if (address.transport == Transport::local) return system::connect_local(address.path);
  const auto protocol = address.transport == Transport::udp ? system::InternetProtocol::udp
                                                            : system::InternetProtocol::tcp;
  auto made = system::connect_internet(protocol, address.host, address.port);
  if (made.error != EINVAL) return made;
  const auto found = find_host(system::read_small_file("/etc/hosts", kLongestHosts), address.host);
  if (!found) return {.fd = {}, .error = EHOSTUNREACH};
  return system::connect_internet(protocol, *found, address.port);
}

std::string shown(const SyslogAddress& address) {
  switch (address.transport) {
    case Transport::local: return address.path;
    case Transport::udp: return "udp://" + address.host + ":" + std::to_string(address.port);
    case Transport::tcp: return "tcp://" + address.host + ":" + std::to_string(address.port);
  }
  return {};
}

}  // namespace

SyslogSink::SyslogSink(Loop& loop, SyslogOptions options, LossNote note, Complaint complain)
    : Sink(options.limit, std::move(note)),
      loop_(loop),
      options_(std::move(options)),
      complaint_(std::move(complain)),
      alarm_(loop.make_alarm([this] { flush(); })),
      backoff_(milliseconds(100), seconds(10)) {}

SyslogSink::~SyslogSink() {
  if (fd_) loop_.poller().forget(fd_.get(), *this);
}

int SyslogSink::connect() {
  if (fd_) return 0;
  auto made = open(options_.address);
  if (!made.fd) return made.error;
  fd_ = std::move(made.fd);
  framing_ = made.framing;
  interest_ = Interest::nothing;
  watch(Interest::reading);
  return 0;
}

// What is not whole on one connection can't be continued on the next.
void SyslogSink::disconnect() {
  if (!fd_) return;
  loop_.poller().forget(fd_.get(), *this);
  fd_.reset();
  abandon_torn();
}

std::ptrdiff_t SyslogSink::put(std::span<const std::string_view> pieces) {
  if (const int error = connect()) return -error;
  const std::ptrdiff_t sent = framing_ == Framing::stream ? system::send_some(fd_.get(), pieces)
                                                          : send_datagram(pieces.front());
  if (sent > 0) {
    backoff_.reset();
    complained_ = false;
  }
  return sent;
}

std::ptrdiff_t SyslogSink::send_datagram(std::string_view lines) {
  const std::size_t newline = lines.find('\n');
  const std::string_view line = lines.substr(0, newline);
  const std::size_t length = line.size() + (newline == std::string_view::npos ? 0 : 1);
  ssize_t sent = system::send_some(fd_.get(), std::array{line.substr(0, kLongestDatagram)});
  if (sent == -EMSGSIZE) {
    sent = system::send_some(fd_.get(), std::array{line.substr(0, kSafeDatagram)});
  }
  return sent < 0 ? sent : static_cast<std::ptrdiff_t>(length);
}

Sink::State SyslogSink::judge(int error) {
  if (error == EAGAIN || error == EINTR) return State::waiting;
  stall(error);
  return State::stalled;
}

void SyslogSink::stall(int error) {
  disconnect();
  if (!complained_) {
    complaint_("cannot send to " + shown(options_.address) + ": " + system::error_text(error));
  }
  complained_ = true;
}

void SyslogSink::await(State state) {
  switch (state) {
    case State::flowing: watch(Interest::reading); break;
    case State::waiting:
      if (watch(Interest::writing)) break;
      [[fallthrough]];  // what can't be watched is tried again
    case State::stalled: alarm_->set(backoff_.next()); break;
  }
}

bool SyslogSink::watch(Interest interest) {
  if (!fd_) return false;
  if (interest == interest_) return true;
  if (loop_.poller().watch(fd_.get(), interest, *this) != 0) return false;
  interest_ = interest;
  return true;
}

// Servers have nothing to say, but that they have gone.
void SyslogSink::ready() {
  const int error = fd_ ? system::hang_up(fd_.get()) : 0;
  if (error != 0 && pending()) {
    stall(error);
  } else if (error != 0) {
    disconnect();
  }
  flush();
}

}  // namespace pid1::output
