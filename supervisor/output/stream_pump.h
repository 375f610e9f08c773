#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "supervisor/system/poller.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::output {

// What follows a read.
enum class Flow : std::uint8_t { go_on, pause };

// Takes what a pump has read.
class PumpClient {
 public:
  virtual ~PumpClient() = default;
  // Valid until it returns.
  virtual Flow received(std::string_view bytes) = 0;
  // Every writer has closed the pipe. May destroy the pump.
  virtual void ended() = 0;
};

// Reads one pipe whenever there is something, one buffer's worth at a time, so that whoever writes
// as fast as he can has his turn with the others. The buffer is shared by all pumps.
class StreamPump final : private system::Pollee {
 public:
  // All outlive the pump; `reading` is non-blocking. Begins to read when start() is called.
  StreamPump(system::Poller& poller, system::UniqueFd reading, std::span<char> buffer,
             PumpClient& client);
  ~StreamPump() override;
  StreamPump(const StreamPump&) = delete;
  StreamPump& operator=(const StreamPump&) = delete;

  // 0, or the errno of epoll_ctl(2).
  int start();

  // After a pause: reads at once, and then as before.
  void resume();

  // Reads what is there now, but no more than `most` bytes: before a service's last lines are
  // looked at. Stops at a pause.
  void catch_up(std::size_t most);

 private:
  void ready() override;
  // How many bytes; 0: nothing now, or a pause, or the end. After the end this may be gone.
  std::size_t read_once();

  system::Poller& poller_;
  const system::UniqueFd reading_;
  const std::span<char> buffer_;
  PumpClient& client_;
  bool paused_ = false;
};

}  // namespace pid1::output
