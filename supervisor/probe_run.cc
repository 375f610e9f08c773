#include "supervisor/probe_run.h"

#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "supervisor/system/resources.h"
#include "supervisor/system/stream_socket.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

using boost::asio::generic::stream_protocol;

ProbeRun::ProbeRun(boost::asio::io_context& loop, ProbeTargets targets, ProbeDone done)
    : socket_(loop.get_executor()), targets_(std::move(targets)), done_(std::move(done)) {}

void ProbeRun::begin() {
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (!self->is_over()) self->try_target();
  });
}

void ProbeRun::cancel() {
  done_ = nullptr;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void ProbeRun::finish(ProbeVerdict verdict, std::string output) {
  const ProbeDone done = std::exchange(done_, nullptr);
  cancel();
  output.resize(system::cut_text(output, kMaxProbeOutput).size());
  system::make_harmless(output);
  done(verdict, output);
}

void ProbeRun::try_target() {
  if (target_ == targets_.found.size()) return finish(targets_.verdict, targets_.obstacle);
  const stream_protocol::endpoint& endpoint = targets_.found[target_].endpoint;
  const int family = endpoint.protocol().family();
  system::UniqueFd descriptor = system::open_stream_socket(family);
  if (!descriptor) return try_next(errno);
  boost::system::error_code ignored;
  socket_.close(ignored);
  socket_.assign(stream_protocol(family, endpoint.protocol().protocol()), descriptor.get());
  static_cast<void>(descriptor.release());
  socket_.async_connect(endpoint,
                        [self = shared_from_this()](const boost::system::error_code& error) {
                          if (self->is_over()) return;
                          if (error) return self->try_next(error.value());
                          self->check_connection();
                        });
}

// Connecting to an ephemeral port of this machine that nobody listens on may choose that very port
// for this end too, and then TCP connects it to itself. A full Unix socket refuses with EAGAIN,
// which Asio takes for a connection in progress.
void ProbeRun::check_connection() {
  boost::system::error_code error;
  const auto remote = socket_.remote_endpoint(error);
  if (error) return try_next(EAGAIN);
  const bool is_itself = remote == socket_.local_endpoint(error);
  return is_itself && !error ? try_next(ECONNREFUSED) : connected();
}

void ProbeRun::try_next(int error) {
  std::string& obstacle = targets_.obstacle;
  obstacle += obstacle.empty() ? "cannot connect to " : "; to ";
  obstacle += peer() + ": " + system::error_text(error);
  // A full socket's EAGAIN is the peer's.
  if (system::lacks_resources(error) && error != EAGAIN) {
    return finish(ProbeVerdict::not_made, obstacle);
  }
  ++target_;
  try_target();
}

}  // namespace pid1::supervisor
