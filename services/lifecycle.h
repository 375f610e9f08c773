#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "services/command.h"
#include "services/restart_history.h"
#include "services/run_limits.h"

namespace pid1 {

// Where a service is. docs/design.md has the diagram, made from this code.
enum class Phase {
  stopped,     // not started yet, or stopped as asked
  waiting,     // for its dependencies
  preparing,   // a pre_start hook runs
  spawning,    // asked for; Spawned or SpawnFailed answers
  running,     // and a post_start hook perhaps
  cancelling,  // a stop has come while a pre_start hook runs, which has got SIGTERM
  quiescing,   // a stop has begun: hooks run before the stop signal is sent
  stopping,    // stop signal sent; the grace period runs
  killing,     // SIGKILL sent
  draining,    // the main process ended, others of its group did not yet
  cleaning,    // a post_stop hook runs
  backoff,     // the next try is armed
  exited,      // ended for good, with success
  failed,      // ended for good, without
};

std::string_view name_of(Phase phase);

// One service's state machine. Entirely passive: verbs are called by the Orchestrator when the rest
// of the graph allows them, facts arrive as events of this service; both append commands to `out`.
//
// One timer, whose meaning follows from the phase, and one hook at a time. A stale TimerFired,
// Spawned, HookEnded … is told by its serial, run or generation, and has no effect.
//
// A stop has one grace period: hooks before the stop signal get half of it at the most, the main
// process all that is left. post_stop hooks get a grace period of their own, after each end. A hook
// whose time is over is killed, and nobody waits for it any more.
class Lifecycle {
 public:
  // What a fact came to, for the graph around the service.
  enum class Outcome {
    nothing,
    changed,    // what it is to its dependents: its program runs, or is ready
    condemned,  // verdict() says why it can't go on as it is: call fail(), unless it is to stop
    gone,       // the process, and what had to go with it, is gone: call stopped() or resolve_end()
    retry,      // the pause before another try is over: call spawn()
  };

  // How an end was resolved, once nobody wants the service down.
  enum class Resolution { respawn, backoff, exited, failed };

  // The time of a fact, and what the service's grace period is at that time.
  struct Moment {
    Time now;
    Duration grace;
  };

  // `spec` outlives this object.
  Lifecycle(ServiceId id, const ServiceSpec& spec, std::uint64_t seed);

  Phase phase() const { return phase_; }
  Generation generation() const { return generation_; }
  // The last end of a process of it, or what stands for a start that failed.
  const std::optional<ExitStatus>& last_status() const { return last_status_; }
  // The end of its last process; none where the last start failed, or there was none.
  std::optional<ExitStatus> last_end() const { return ran_ ? last_status_ : std::nullopt; }
  bool out_of_memory() const { return out_of_memory_; }
  Verdict verdict() const { return verdict_; }
  // The dependency whose failure made it fail.
  const std::optional<ServiceId>& failed_dependency() const { return failed_dependency_; }
  // Whether its program has run since it was last asked to start.
  bool launched() const { return launched_; }
  // Whether it runs, has said so where it is to say so, and its post_start hooks are through.
  bool ready() const { return phase_ == Phase::running && ready_; }
  bool has_process() const;
  bool settled() const;
  // Whether a signal that somebody sends to the service would reach a process.
  bool signalable() const;
  bool succeeded(const ExitStatus& status) const;
  // What follows a failure that no restart follows.
  EndAction failure_action() const;
  std::uint32_t armed_serial() const { return armed_ ? serial_ : 0; }
  // The hook whose end is waited for, or 0.
  HookRun hook_awaited() const { return hook_runs_ ? hook_ : HookRun{0}; }
  bool group_killed() const { return group_killed_; }
  const RestartHistory& history() const { return history_; }
  Time started_at() const { return started_at_; }

  // stopped, exited, failed → waiting, with a clean slate.
  void request();
  // waiting, backoff, stopped → preparing or spawning.
  void spawn(Commands& out);
  // waiting, backoff → stopped; or cleaning, where the hooks of a start that came to nothing ran.
  void drop(Moment at, Commands& out);
  // running → quiescing or stopping; preparing → cancelling.
  void stop(Moment at, Commands& out);
  // running → quiescing or stopping, for a reason of our own.
  void fail(Verdict verdict, Moment at, Commands& out);
  // Cuts short a grace period that runs already.
  void limit_grace(Moment at, Commands& out);
  // Any phase with a process: SIGKILL to all of it, now; no further hook runs.
  void kill(Time now, Commands& out);
  // waiting, backoff, or after Outcome::gone: → failed, because `dependency` did.
  void fail_with(ServiceId dependency, const std::optional<ExitStatus>& its_status, Commands& out);

  Outcome spawned(Generation generation, Time now, Commands& out);
  Outcome spawn_failed(const SpawnFailed& event, Moment at, Commands& out);
  Outcome became_ready(Generation generation, Time now, Commands& out);
  void showed_life(Generation generation, Time now);
  Outcome fell_silent(Generation generation);
  void changed_watchdog(const WatchdogChanged& event, Time now, Commands& out);
  // A stop's grace period then ends no earlier than that, and no later than `latest` by it.
  void extended_timeout(const TimeoutExtended& event, Time now, Time latest, Commands& out);
  Outcome process_ended(const ProcessEnded& event, Moment at, Commands& out);
  Outcome group_emptied(Generation generation, Moment at, Commands& out);
  Outcome hook_ended(const HookEnded& event, Moment at, Commands& out);
  Outcome timer_fired(std::uint32_t serial, Moment at, Commands& out);

  // After Outcome::gone: → stopped.
  void stopped(Commands& out);
  // After Outcome::gone: → backoff, exited or failed, as restart, on_success and on_failure say.
  Resolution resolve_end(Time now, Commands& out);

 private:
  friend struct CoreProbe;  // tests/model compares states

  // lifecycle.cc
  void arm(Moment at, Commands& out);
  void arm_grace(Moment at, Commands& out);
  void disarm(Commands& out);
  void signal(int signo, SignalScope scope, Commands& out) const;
  void announce(Announce fact, Commands& out) const;
  std::uint64_t noise() const;

  // lifecycle_start.cc
  void spawn_main(Commands& out);
  Outcome finish_start(Time now, Commands& out);
  Outcome pass_limit(Time now, Commands& out);
  void arm_limits(Time now, Commands& out);

  // lifecycle_stop.cc
  void begin_stop(Moment at, Commands& out);
  void send_stop(Moment at, Commands& out);
  void signal_stop(SignalScope scope, Commands& out) const;
  void kill_group(Commands& out);
  void kill_main(Commands& out);
  bool looks_after(GroupState group) const;
  Duration grace_left(Time now) const;
  Outcome quiesced(Moment at, Commands& out);
  Outcome leave_group(GroupState group, Phase before, Moment at, Commands& out);
  Outcome clean_up(Moment at, Commands& out);

  // lifecycle_hooks.cc
  bool run_hooks(HookPoint point, Commands& out);
  bool run_next_hook(Commands& out);
  void start_hook(Commands& out);
  void signal_hook(int signo, Commands& out) const;
  void abandon_hook(Commands& out);

  // lifecycle_end.cc
  Resolution restart(const RestartHistory::Attempt& attempt, Time now, Commands& out);
  bool restarts_after(Phase end) const;

  ServiceId id_;
  const ServiceSpec* spec_;
  std::uint64_t seed_;
  Phase phase_ = Phase::stopped;
  Generation generation_{0};
  std::uint32_t serial_ = 0;
  std::uint32_t resource_tries_ = 0;
  HookRun hook_{0};
  HookPoint hook_point_ = HookPoint::pre_start;
  std::uint32_t hook_index_ = 0;
  Verdict verdict_ = Verdict::none;
  GroupState group_left_ = GroupState::empty;  // of a main process that ended while quiescing
  bool armed_ = false;
  bool hook_runs_ = false;
  bool prepared_ = false;  // the pre_start hooks of the coming process are through
  bool launched_ = false;
  bool said_ready_ = false;
  bool ready_ = false;
  bool main_ended_ = false;  // while quiescing
  bool group_killed_ = false;
  bool hasty_ = false;  // kill() was called: no further hook
  bool ran_ = false;    // the end to resolve is a process's, not a failed start's
  bool out_of_memory_ = false;
  std::optional<ExitStatus> last_status_;
  std::optional<ServiceId> failed_dependency_;
  Time started_at_{};
  Duration uptime_{};
  Time grace_end_{};
  RunLimits limits_;
  Time due_{};  // what the timer was armed for last
  RestartHistory history_;
};

}  // namespace pid1
