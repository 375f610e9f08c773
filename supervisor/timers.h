#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>
#include <cstddef>
#include <functional>
#include <vector>

#include "services/event.h"

namespace pid1::supervisor {

// The core's timers: one an owner, all on one Asio timer, which is armed only while one of them is.
// Time is monotonic. `fired` is called from the event loop; it may arm and cancel.
class Timers {
 public:
  using Fired = std::function<void(TimerToken)>;

  Timers(boost::asio::io_context& loop, std::size_t owners, Fired fired);
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  // Replaces the owner's timer.
  void arm(TimerToken token, Time deadline);
  void cancel(TimerToken token);

 private:
  // In the queue while it is armed; nothing is allocated after the constructor.
  struct Slot : boost::intrusive::set_base_hook<> {
    Time deadline{};
    std::uint32_t owner = 0;
    std::uint32_t serial = 0;  // 0: not armed

    bool operator<(const Slot& other) const { return deadline < other.deadline; }
  };

  void disarm(std::uint32_t owner);
  void schedule();
  void set_timer();
  void expire();

  boost::asio::io_context& loop_;
  boost::asio::steady_timer timer_;
  Fired fired_;
  std::vector<Slot> slots_;
  boost::intrusive::multiset<Slot> queue_;
  Time scheduled_ = Time::max();
  bool will_set_timer_ = false;
};

}  // namespace pid1::supervisor
