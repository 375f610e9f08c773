#include "supervisor/read_watch.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <utility>

namespace pid1::supervisor {

using boost::asio::posix::stream_descriptor;

struct ReadWatch::State : std::enable_shared_from_this<State> {
  explicit State(boost::asio::io_context& loop) : descriptor(loop) {}

  // A handler that has been queued already still runs after a cancel, and finds another epoch.
  void wait() {
    descriptor.async_wait(
        stream_descriptor::wait_read,
        [self = shared_from_this(), wanted = epoch](const boost::system::error_code& error) {
          if (!error && wanted == self->epoch) self->call();
        });
  }

  void call() {
    const std::uint64_t wanted = epoch;
    // The callback may destroy itself by a stop().
    const auto callback = readable;
    try {
      (*callback)();
    } catch (...) {
      if (wanted == epoch) wait();
      throw;
    }
    if (wanted == epoch) wait();
  }

  stream_descriptor descriptor;
  std::shared_ptr<std::function<void()>> readable;
  std::uint64_t epoch = 0;
};

ReadWatch::ReadWatch(boost::asio::io_context& loop) : state_(std::make_shared<State>(loop)) {}

ReadWatch::~ReadWatch() { stop(); }

void ReadWatch::start(int fd, std::function<void()> readable) {
  stop();
  state_->descriptor.assign(fd);
  state_->readable = std::make_shared<std::function<void()>>(std::move(readable));
  state_->wait();
}

void ReadWatch::stop() {
  ++state_->epoch;
  if (state_->descriptor.is_open()) static_cast<void>(state_->descriptor.release());
  state_->readable.reset();
}

bool ReadWatch::is_started() const { return state_->descriptor.is_open(); }

}  // namespace pid1::supervisor
