#include "supervisor/output/stream_pump.h"

#include <cerrno>

#include "supervisor/system/pipe.h"

namespace pid1::output {

using system::Interest;

StreamPump::StreamPump(system::Poller& poller, system::UniqueFd reading, std::span<char> buffer,
                       PumpClient& client)
    : poller_(poller), reading_(std::move(reading)), buffer_(buffer), client_(client) {}

StreamPump::~StreamPump() { poller_.forget(reading_.get(), *this); }

int StreamPump::start() { return poller_.watch(reading_.get(), Interest::reading, *this); }

void StreamPump::ready() {
  if (!paused_) read_once();
}

// Known to the poller since start(), it can be changed there without memory, so without failure.
void StreamPump::resume() {
  if (!paused_) return;
  paused_ = false;
  poller_.watch(reading_.get(), Interest::reading, *this);
  read_once();
}

void StreamPump::catch_up(std::size_t most) {
  while (!paused_) {
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
  switch (client_.received({buffer_.data(), length})) {
    case Flow::go_on: return length;
    case Flow::pause: break;
  }
  paused_ = true;
  poller_.watch(reading_.get(), Interest::nothing, *this);
  return 0;
}

}  // namespace pid1::output
