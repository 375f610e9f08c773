#pragma once

#include <cstdint>
#include <variant>

#include "services/exit_status.h"
#include "services/plan.h"

namespace pid1 {

// Names one incarnation of a service's process. 0 is none.
enum class Generation : std::uint32_t {};

// Names one arming of a timer. With Asio a cancelled timer's handler may still run, so an owner
// tells a stale one by its serial.
struct TimerToken {
  std::uint32_t owner = 0;   // a service's index, or Plan::size() for the container's own timer
  std::uint32_t serial = 0;  // 0 is none
  auto operator<=>(const TimerToken&) const = default;
};

// The closed vocabulary of facts. Each is named for what happened.

// Everything may start.
struct Booted {};

struct StartRequested {
  ServiceId service;
};

struct StopRequested {
  ServiceId service;
};

struct RestartRequested {
  ServiceId service;
};

// The program of the service runs: its exec succeeded.
struct Spawned {
  ServiceId service;
  Generation generation;
};

// Whose fault it is that a process could not be started.
enum class SpawnFault {
  system,   // no process, memory or descriptor to be had: nobody's attempt, tried again for ever
  service,  // its program, user or directory
};

struct SpawnFailed {
  ServiceId service;
  Generation generation;
  SpawnFault fault;
  int code = 0;  // the exit code that stands for it: 127 not found, 126 anything else
};

// Whether a process group has members left, zombies included.
enum class GroupState { empty, populated };

// The main process was reaped.
struct ProcessEnded {
  ServiceId service;
  Generation generation;
  ExitStatus status;
  GroupState group = GroupState::empty;
};

// The last member of a group whose main process had ended before is gone.
struct GroupEmptied {
  ServiceId service;
  Generation generation;
};

struct TimerFired {
  TimerToken token;
};

struct SignalReceived {
  int signo = 0;
  std::int32_t sender_pid = 0;  // 0: the kernel, or outside this PID namespace
  std::uint32_t sender_uid = 0;
};

// The services are gone, and no other process is left.
struct AllReaped {};

using Event =
    std::variant<Booted, StartRequested, StopRequested, RestartRequested, Spawned, SpawnFailed,
                 ProcessEnded, GroupEmptied, TimerFired, SignalReceived, AllReaped>;

}  // namespace pid1
