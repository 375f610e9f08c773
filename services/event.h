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
  // A service's index, Plan::size() for the container's own timer, or Plan::size() + 1 + a
  // service's index for the timer of its health check.
  std::uint32_t owner = 0;
  std::uint32_t serial = 0;  // 0 is none
  auto operator<=>(const TimerToken&) const = default;
};

inline std::uint32_t health_timer_owner(const Plan& plan, ServiceId id) {
  return static_cast<std::uint32_t>(plan.size() + 1 + index(id));
}

inline ServiceId health_timer_service(const Plan& plan, std::uint32_t owner) {
  return ServiceId{static_cast<std::uint32_t>(owner - plan.size() - 1)};
}

// How many owners there are.
inline std::size_t timer_owners(const Plan& plan) { return 2 * plan.size() + 1; }

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
  bool out_of_memory = false;  // the kernel killed it for want of memory
};

// The last member of a group whose main process had ended before is gone.
struct GroupEmptied {
  ServiceId service;
  Generation generation;
};

// It said that it is ready, in the way that its spec names. Once, unless it said so again.
struct Ready {
  ServiceId service;
  Generation generation;
};

// It reported that it is alive (sd_notify(3), WATCHDOG=1).
struct WatchdogPinged {
  ServiceId service;
  Generation generation;
};

// It asked to be treated as one that went silent (WATCHDOG=trigger).
struct WatchdogTriggered {
  ServiceId service;
  Generation generation;
};

// It set its own longest silence (WATCHDOG_USEC).
struct WatchdogChanged {
  ServiceId service;
  Generation generation;
  Duration limit;
};

// It needs this long from now for its start or its stop (EXTEND_TIMEOUT_USEC).
struct TimeoutExtended {
  ServiceId service;
  Generation generation;
  Duration extension;
};

// Names one run of one hook of a service. 0 is none.
enum class HookRun : std::uint32_t {};

// A hook ended, or could not be started: then with the exit code that stands for that.
struct HookEnded {
  ServiceId service;
  HookRun run;
  ExitStatus status;
};

// Names one probe of a service's health. 0 is none.
enum class ProbeRun : std::uint32_t {};

enum class ProbeResult {
  healthy,
  unhealthy,
  unknown,  // there were no resources to try it: nobody's failure
};

struct Probed {
  ServiceId service;
  ProbeRun run;
  ProbeResult result;
};

struct ReloadRequested {
  ServiceId service;
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

using Event = std::variant<Booted, StartRequested, StopRequested, RestartRequested, ReloadRequested,
                           Spawned, SpawnFailed, Ready, WatchdogPinged, WatchdogTriggered,
                           WatchdogChanged, TimeoutExtended, ProcessEnded, GroupEmptied, HookEnded,
                           Probed, TimerFired, SignalReceived, AllReaped>;

}  // namespace pid1
