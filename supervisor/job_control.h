#pragma once

#include <cstdint>

#include "supervisor/engine.h"
#include "supervisor/system/system.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

// What a shell above sees of one program: pid1 stops when the program has been stopped from the
// terminal (^Z), and the program goes on when the shell continues pid1. Where there is no shell
// above, as for a container's PID 1, nobody would ever continue it: a stop from the terminal is
// undone at once, and one that somebody has sent, or a SIGSTOP, is left to whoever sent it.
class JobControl final : public ProcessListener {
 public:
  enum class Suspension {
    with_program,   // when the program has stopped
    on_any_signal,  // also at a TSTP, TTIN or TTOU that was sent to pid1, as dumb-init does
  };

  // Both outlive this object.
  JobControl(system::System& system, const system::Terminal& terminal, Suspension suspension);

  void started(std::int32_t pid) override;
  void child_changed(std::int32_t pid) override;
  void received(const system::ReceivedSignal& signal, std::int32_t pid) override;

  // After the program's end: the terminal is ours again.
  void end();

 private:
  void resume(std::int32_t pid);
  void suspend_with(std::int32_t pid);

  system::System& system_;
  const system::Terminal& terminal_;
  Suspension suspension_;
  std::int32_t group_ = 0;
  bool stop_was_sent_ = false;  // to pid1, which has passed it on
};

}  // namespace pid1::supervisor
