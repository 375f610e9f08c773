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

// Answered by HookEnded with the same run, in any case: where there are no resources to start it,
// once there are. `index` is its place at this point in the service's spec.
struct RunHook {
  ServiceId service;
  HookRun run;
  HookPoint point;
  std::size_t index = 0;
};

// Sends to the process group of a hook that has not ended. One that waits for resources to be
// started ends with it. A failure is no event.
struct SignalHook {
  ServiceId service;
  HookRun run;
  int signo = 0;
};

// Answered by Probed with the same run, unless it is stopped first.
struct Probe {
  ServiceId service;
  ProbeRun run;
};

// The probe has failed, or nobody waits for it any more: whatever it started is killed.
struct StopProbe {
  ServiceId service;
  ProbeRun run;
};

// Has the service read its configuration again, as its spec says.
struct ReloadService {
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

// Why pid1 itself stops a service that nobody asked it to stop: its end counts as a failure,
// whatever its exit code is.
enum class Verdict {
  none,
  not_ready,    // within Readiness::timeout
  hook_failed,  // a post_start hook
  overran,      // max_runtime
  silent,       // no sign of life for the watchdog's time
  unhealthy,    // and on_unhealthy says restart
};

// The facts that people read about, in the log and in the status.
enum class Fact {
  started,            // the process runs
  ready,              // `delay` after its start
  spawn_deferred,     // no resources; `delay` until the next try
  spawn_failed,       // its program, user or directory
  ended,              // by itself, with `status`
  completed,          // ended for good, with success
  restarting,         // after `delay`; attempt `attempt` of `attempts` (0: no limit)
  gave_up,            // more than `attempts` within the window
  failed,             // ended for good, without success
  dependency_failed,  // can't start or go on: `other` failed
  healthy,            // its check succeeds now
  unhealthy,          // its check fails; on_unhealthy decides
  condemned,          // stopped because of `verdict`; `delay` is the grace period
  hook_failed,        // `hook` ended with `status`
  hook_killed,        // the time for `hook` is over
  stopping,           // a stop has begun; `delay` is the grace period
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
  Verdict verdict = Verdict::none;
  HookPoint hook = HookPoint::pre_start;
  bool out_of_memory = false;  // the kernel killed what ended with `status` for want of memory
};

// The last command: the program ends with this code.
struct Finish {
  int code = 0;
};

using Command =
    std::variant<Spawn, Signal, WatchGroup, RunHook, SignalHook, Probe, StopProbe, ReloadService,
                 ArmTimer, CancelTimer, AwaitRest, SignalRest, Announce, Finish>;

// A buffer that its owner clears and reuses, so that in steady state nothing is allocated.
using Commands = std::vector<Command>;

}  // namespace pid1
