#include "supervisor/output/console_sink.h"

#include <cerrno>

namespace pid1::output {

using std::chrono::milliseconds;
using std::chrono::seconds;
using system::Interest;

ConsoleSink::ConsoleSink(Loop& loop, int fd, std::size_t limit, LossNote note)
    : Sink(limit, std::move(note)),
      loop_(loop),
      writer_(fd),
      alarm_(loop.make_alarm([this] { flush(); })),
      backoff_(milliseconds(100), seconds(5)) {}

ConsoleSink::~ConsoleSink() { loop_.poller().forget(writer_.fd(), *this); }

std::ptrdiff_t ConsoleSink::put(std::span<const std::string_view> pieces) {
  const ssize_t written = writer_.write(pieces);
  if (written > 0) backoff_.reset();
  return written;
}

Sink::State ConsoleSink::judge(int error) {
  switch (error) {
    case EAGAIN:
    case EINTR: return State::waiting;
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case ENOBUFS: return State::stalled;
    default: return State::flowing;
  }
}

void ConsoleSink::await(State state) {
  switch (state) {
    case State::flowing: watch(Interest::nothing); break;
    case State::waiting:
      if (watch(Interest::writing)) break;
      [[fallthrough]];  // what can't be watched is tried again
    case State::stalled: alarm_->set(backoff_.next()); break;
  }
}

// Only what is new: each time that it was said, a hang-up would be told again, for ever.
bool ConsoleSink::watch(Interest interest) {
  if (interest == interest_) return true;
  if (loop_.poller().watch(writer_.fd(), interest, *this) != 0) return false;
  interest_ = interest;
  return true;
}

}  // namespace pid1::output
