#include "supervisor/timers.h"

#include <boost/asio/post.hpp>

namespace pid1::supervisor {

Timers::Timers(boost::asio::io_context& loop, std::size_t owners, Fired fired)
    : loop_(loop), timer_(loop), fired_(std::move(fired)), slots_(owners) {
  for (std::size_t i = 0; i < owners; ++i) slots_[i].owner = static_cast<std::uint32_t>(i);
}

Timers::~Timers() { queue_.clear(); }

void Timers::arm(TimerToken token, Time deadline) {
  disarm(token.owner);
  Slot& slot = slots_[token.owner];
  slot.deadline = deadline;
  slot.serial = token.serial;
  queue_.insert(slot);
  schedule();
}

void Timers::cancel(TimerToken token) {
  if (slots_[token.owner].serial != token.serial) return;
  disarm(token.owner);
  schedule();
}

void Timers::disarm(std::uint32_t owner) {
  Slot& slot = slots_[owner];
  if (slot.serial == 0) return;
  queue_.erase(queue_.iterator_to(slot));
  slot.serial = 0;
}

// Once a turn of the loop: a thousand services that end together cancel a thousand timers, each of
// which was the next one to fire.
void Timers::schedule() {
  if (will_set_timer_) return;
  will_set_timer_ = true;
  boost::asio::post(loop_, [this] { set_timer(); });
}

void Timers::set_timer() {
  will_set_timer_ = false;
  const Time next = queue_.empty() ? Time::max() : queue_.begin()->deadline;
  if (next == scheduled_) return;
  scheduled_ = next;
  if (next == Time::max()) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) expire();
  });
}

// A wait that was replaced may still complete with success (measured): the queue alone decides.
void Timers::expire() {
  scheduled_ = Time::max();
  const Time now = std::chrono::steady_clock::now();
  while (!queue_.empty() && queue_.begin()->deadline <= now) {
    const TimerToken token{queue_.begin()->owner, queue_.begin()->serial};
    disarm(token.owner);
    fired_(token);
  }
  schedule();
}

}  // namespace pid1::supervisor
