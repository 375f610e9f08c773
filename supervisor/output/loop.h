#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "supervisor/system/poller.h"

namespace pid1::output {

using Delay = std::chrono::nanoseconds;

// Rings once after it was set, unless it is set anew or cancelled before. The clock is monotonic.
class Alarm {
 public:
  virtual ~Alarm() = default;
  virtual void set(Delay delay) = 0;
  virtual void cancel() = 0;
};

// What the output needs of the event loop; all that is called here is called from it.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual system::Poller& poller() = 0;
  // `ring` may set the alarm again. Doesn't outlive the loop.
  virtual std::unique_ptr<Alarm> make_alarm(std::function<void()> ring) = 0;
};

// The pause before the next attempt: doubles from `first` to `longest`.
class Backoff {
 public:
  Backoff(Delay first, Delay longest) : first_(first), longest_(longest), next_(first) {}
  Delay next() {
    const Delay now = next_;
    next_ = std::min(2 * next_, longest_);
    return now;
  }
  void reset() { next_ = first_; }

 private:
  Delay first_;
  Delay longest_;
  Delay next_;
};

}  // namespace pid1::output
