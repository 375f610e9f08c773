#pragma once

#include <poll.h>

#include <functional>
#include <memory>
#include <set>

#include "supervisor/output/loop.h"

namespace pid1::output::testing {

// A loop whose turns and alarms the test decides.
class ManualLoop final : public Loop {
 public:
  system::Poller& poller() override { return poller_; }

  std::unique_ptr<Alarm> make_alarm(std::function<void()> ring) override {
    return std::make_unique<ManualAlarm>(*this, std::move(ring));
  }

  // Serves what is ready, until nothing is.
  void serve() {
    while (poller_.serve(8) > 0) {
    }
  }

  // Waits for descriptors and serves them until it is so; false where nothing came for a minute.
  bool serve_until(const std::function<bool()>& so) {
    while (!so()) {
      struct pollfd any = {.fd = poller_.fd(), .events = POLLIN, .revents = 0};
      if (::poll(&any, 1, 60'000) != 1) return false;
      poller_.serve(8);
    }
    return true;
  }

  // The time of every alarm that is set has come. Returns how many were.
  std::size_t ring() {
    const std::set<Alarm*> ringing = std::exchange(set_, {});
    for (Alarm* const alarm : ringing) static_cast<ManualAlarm*>(alarm)->ring();
    return ringing.size();
  }

  std::size_t alarms() const { return set_.size(); }

 private:
  class ManualAlarm final : public Alarm {
   public:
    ManualAlarm(ManualLoop& loop, std::function<void()> ring)
        : loop_(loop), ring_(std::move(ring)) {}
    ~ManualAlarm() override { loop_.set_.erase(this); }
    ManualAlarm(const ManualAlarm&) = delete;
    ManualAlarm& operator=(const ManualAlarm&) = delete;
    void set(Delay) override { loop_.set_.insert(this); }
    void cancel() override { loop_.set_.erase(this); }
    void ring() const { ring_(); }

   private:
    ManualLoop& loop_;
    std::function<void()> ring_;
  };

  system::Poller poller_;
  std::set<Alarm*> set_;
};

// A loss note as sinks want it: "(3 lost)".
inline void note_loss(std::uint64_t lost, std::string& text) {
  text += "(" + std::to_string(lost) + " lost)\n";
}

}  // namespace pid1::output::testing
