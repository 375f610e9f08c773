#include "supervisor/output/stream_pump.h"

#include <algorithm>
#include <cerrno>

#include "supervisor/system/pipe.h"

namespace pid1::output {

using system::Interest;

namespace {

constexpr std::size_t kLargestPipe = std::size_t{1} << 20;

}  // namespace

StreamPump::StreamPump(system::Poller& poller, system::UniqueFd reading, std::span<char> buffer,
                       PipeBudget& budget, PumpClient& client)
    : poller_(poller),
      reading_(std::move(reading)),
      buffer_(buffer),
      budget_(budget),
      size_(system::pipe_size(reading_.get())),
      client_(client) {}

StreamPump::~StreamPump() {
  poller_.forget(reading_.get(), *this);
  budget_.give_back(grown_);
}

int StreamPump::start() { return poller_.watch(reading_.get(), Interest::reading, *this); }

void StreamPump::ready() {
  if (state_ == State::reading) read_once();
}

// Known to the poller since start(), it can be changed there without memory, so without failure.
void StreamPump::resume() {
  if (state_ != State::paused) return;
  state_ = State::reading;
  poller_.watch(reading_.get(), Interest::reading, *this);
  read_once();
}

void StreamPump::end_rest() {
  if (state_ != State::resting) return;
  state_ = State::reading;
  poller_.watch(reading_.get(), Interest::reading, *this);
}

void StreamPump::catch_up(std::size_t most) {
  while (state_ != State::paused) {
    const std::size_t count = read_once();
    if (count == 0 || count >= most) return;
    most -= count;
  }
}

std::size_t StreamPump::read_once() {
  const ssize_t count = system::read_some(reading_.get(), buffer_);
  if (count == -EAGAIN || count == -EINTR) return 0;
  if (count <= 0) {
    client_.ended();
    return 0;
  }
  const auto length = static_cast<std::size_t>(count);
  // A page of a pipe isn't always filled to its end.
  const bool was_full = length >= std::min(size_ - size_ / 8, buffer_.size());
  if (was_full && size_ < kLargestPipe) grow();
  switch (client_.received({buffer_.data(), length})) {
    case Flow::go_on: return length;
    case Flow::pause: state_ = State::paused; break;
    case Flow::rest: state_ = State::resting; break;
  }
  poller_.watch(reading_.get(), Interest::nothing, *this);
  return state_ == State::paused ? 0 : length;
}

// Where it isn't allowed, it isn't asked for again.
void StreamPump::grow() {
  const std::size_t wanted = std::min(4 * size_, kLargestPipe);
  const std::size_t more = wanted - size_;
  if (size_ == 0 || !budget_.take(more)) return;
  if (system::resize_pipe(reading_.get(), wanted)) {
    size_ = wanted;
    grown_ += more;
    return;
  }
  budget_.give_back(more);
  size_ = kLargestPipe;
}

}  // namespace pid1::output
