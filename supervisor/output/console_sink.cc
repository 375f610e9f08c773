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
    case EAGAIN: return State::waiting;
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case ENOBUFS: return State::stalled;
    default: return State::flowing;
  }
}

void ConsoleSink::await(State state) {
  switch (state) {
    case State::flowing: loop_.poller().watch(writer_.fd(), Interest::nothing, *this); break;
    case State::waiting:
      if (loop_.poller().watch(writer_.fd(), Interest::writing, *this) == 0) break;
      [[fallthrough]];  // what can't be watched is tried again
    case State::stalled: alarm_->set(backoff_.next()); break;
  }
}

}  // namespace pid1::output
