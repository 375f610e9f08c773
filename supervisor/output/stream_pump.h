#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "supervisor/system/poller.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::output {

// What follows a read.
enum class Flow : std::uint8_t {
  go_on,
  pause,  // nothing is read until resume()
  rest,   // until end_rest(), but for catch_up()
};

// Takes what a pump has read.
class PumpClient {
 public:
  virtual ~PumpClient() = default;
  // Valid until it returns.
  virtual Flow received(std::string_view bytes) = 0;
  // Every writer has closed the pipe. May destroy the pump.
  virtual void ended() = 0;
};

// What pipes may still grow by, all together, in bytes. The kernel counts what all pipes of a user
// could hold (pipe(7), pipe-user-pages-soft, 64 MiB), in all containers; who is above it gets pipes
// of a page or two.
class PipeBudget {
 public:
  explicit PipeBudget(std::size_t bytes) : left_(bytes) {}
  bool take(std::size_t bytes) {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }
  void give_back(std::size_t bytes) { left_ += bytes; }

 private:
  std::size_t left_;
};

// Reads one pipe whenever there is something, one buffer's worth at a time, so that whoever writes
// as fast as he can has his turn with the others. The buffer is shared by all pumps. A pipe that
// was found full is given more room: its writer has waited.
class StreamPump final : private system::Pollee {
 public:
  // All outlive the pump; `reading` is non-blocking. Begins to read when start() is called.
  StreamPump(system::Poller& poller, system::UniqueFd reading, std::span<char> buffer,
             PipeBudget& budget, PumpClient& client);
  ~StreamPump() override;
  StreamPump(const StreamPump&) = delete;
  StreamPump& operator=(const StreamPump&) = delete;

  // 0, or the errno of epoll_ctl(2).
  int start();

  // After a pause: reads at once, and then as before.
  void resume();

  // Reads again when its turn comes.
  void end_rest();

  // Reads what is there now, but no more than `most` bytes: before a service's last lines are
  // looked at. Stops at a pause.
  void catch_up(std::size_t most);
  bool paused() const { return state_ == State::paused; }

 private:
  enum class State : std::uint8_t { reading, paused, resting };

  void ready() override;
  // How many bytes; 0: nothing now, or a pause, or the end. After the end this may be gone.
  std::size_t read_once();
  void grow();

  system::Poller& poller_;
  const system::UniqueFd reading_;
  const std::span<char> buffer_;
  PipeBudget& budget_;
  std::size_t size_;       // of the pipe, bytes; 0: it is none
  std::size_t grown_ = 0;  // bytes that it has taken from the budget
  PumpClient& client_;
  State state_ = State::reading;
};

}  // namespace pid1::output
