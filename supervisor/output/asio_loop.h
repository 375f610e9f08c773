#pragma once

#include "supervisor/output/loop.h"

namespace boost::asio {
// NOLINTNEXTLINE(readability-identifier-naming): Asio's name
class io_context;
}  // namespace boost::asio

namespace pid1::output {

// The output's descriptors as one of Asio's. A turn serves so few that a signal never waits for
// more than some milliseconds of copying, however many services write as fast as they can.
class AsioLoop final : public Loop {
 public:
  // Throws where the system has no descriptor for it. `context` outlives this.
  explicit AsioLoop(boost::asio::io_context& context);
  ~AsioLoop() override;
  AsioLoop(const AsioLoop&) = delete;
  AsioLoop& operator=(const AsioLoop&) = delete;

  system::Poller& poller() override { return poller_; }
  std::unique_ptr<Alarm> make_alarm(std::function<void()> ring) override;

 private:
  class Watch;

  boost::asio::io_context& context_;
  system::Poller poller_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace pid1::output
