#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "services/event.h"
#include "supervisor/engine.h"
#include "supervisor/system/system.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

// What a shell above sees of one program: when the program has been stopped from the terminal (^Z),
// our process group stops too, as it would have if the program were in it, and the program goes on
// when the shell continues us. Where there is no shell above, as for a container's PID 1, nobody
// would ever continue it: a stop from the terminal is undone at once, and one that somebody has
// sent, or a SIGSTOP, is left to whoever sent it.
class JobControl final : public ProcessListener {
 public:
  enum class Suspension {
    with_program,   // when the program has stopped
    on_any_signal,  // also at a TSTP, TTIN or TTOU that was sent to pid1, as dumb-init does
  };
  using Clock = Time (*)();

  // Both outlive this object.
  JobControl(system::System& system, const system::Terminal& terminal, Suspension suspension,
             Clock clock = std::chrono::steady_clock::now);

  void started(std::int32_t pid) override;
  void child_changed(std::int32_t pid) override;
  void received(const system::ReceivedSignal& signal, std::int32_t pid) override;

  // After the program's end: the terminal is ours again.
  void end();

 private:
  // A TSTP, TTIN or TTOU that has come to pid1, and went on to the program.
  struct PassedOn {
    Time at;
    bool from_terminal = false;
  };

  std::optional<PassedOn> take_passed_on();
  void stop_like_dumb_init(const system::ReceivedSignal& signal, std::int32_t pid);
  void resume(std::int32_t pid);

  system::System& system_;
  const system::Terminal& terminal_;
  Suspension suspension_;
  Clock clock_;
  std::int32_t group_ = 0;
  std::optional<PassedOn> passed_on_;
};

}  // namespace pid1::supervisor
