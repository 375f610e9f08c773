#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "services/event.h"

namespace pid1 {

// The closed vocabulary of effects. Each is named by a verb; the core hears what came of it through
// events.

// Answered by Spawned or SpawnFailed with the same generation.
struct Spawn {
  ServiceId service;
  Generation generation;
};

// Sends to the living main process of this generation, or to its group. A failure is no event.
struct Signal {
  ServiceId service;
  Generation generation;
  int signo = 0;
  SignalScope scope = SignalScope::process;
};

// Asks for GroupEmptied, once, when the group of this generation has no member left.
struct WatchGroup {
  ServiceId service;
  Generation generation;
};

// Answered by TimerFired, unless cancelled. An owner has one timer at a time: arming replaces it.
struct ArmTimer {
  TimerToken token;
  Duration delay;
};

struct CancelTimer {
  TimerToken token;
};

// Asks for AllReaped as soon as no process is left but pid1.
struct AwaitRest {};

// Signals every process that is left but pid1, and asks for AllReaped as AwaitRest does.
struct SignalRest {
  int signo = 0;
};

// The facts that people read about, in the log and in the status.
enum class Fact {
  started,            // the process runs
  spawn_deferred,     // no resources; `delay` until the next try
  spawn_failed,       // its program, user or directory
  ended,              // by itself, with `status`
  completed,          // ended for good, with success
  restarting,         // after `delay`; attempt `attempt` of `attempts` (0: no limit)
  gave_up,            // more than `attempts` within the window
  failed,             // ended for good, without success
  dependency_failed,  // can't start: `other` failed
  stopping,           // stop signal sent; `delay` is the grace period
  killing,            // the grace period is over
  killing_group,      // the main process ended, others of its group did not
  group_left,         // even SIGKILL did not empty the group
  stopped,            // as asked
  shutdown_begun,     // see Shutdown::Cause; `delay` is the budget
  still_waiting,      // a second request to stop: this one is waited for
  hurried,            // a second interrupt: everything is killed
  deadline_passed,    // the budget is used up: everything is killed
  lingering,          // the services are gone, what is left may go on
  sweeping,           // what is left gets SIGTERM, or the signal that asked for the end
  sweep_killing,      // and then SIGKILL
  sweep_abandoned,    // and some did not go even then
};

inline constexpr ServiceId kNoService{~std::uint32_t{0}};

struct Announce {
  Fact fact;
  ServiceId service = kNoService;
  ServiceId other = kNoService;
  std::optional<ExitStatus> status{};  // none: the program could not be started
  Duration delay{};
  std::uint32_t attempt = 0;
  std::uint32_t attempts = 0;
};

// The last command: the program ends with this code.
struct Finish {
  int code = 0;
};

using Command = std::variant<Spawn, Signal, WatchGroup, ArmTimer, CancelTimer, AwaitRest,
                             SignalRest, Announce, Finish>;

// A buffer that its owner clears and reuses, so that in steady state nothing is allocated.
using Commands = std::vector<Command>;

}  // namespace pid1
