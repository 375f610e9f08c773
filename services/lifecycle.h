#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "services/command.h"
#include "services/restart_history.h"

namespace pid1 {

// Where a service is. docs/design.md has the diagram, made from this code.
enum class Phase {
  stopped,   // not started yet, or stopped as asked
  waiting,   // for its dependencies
  spawning,  // asked for; Spawned or SpawnFailed answers
  running,
  stopping,  // stop signal sent; the grace period runs
  killing,   // SIGKILL sent
  draining,  // the main process ended, others of its group did not yet
  backoff,   // the next try is armed
  exited,    // ended for good, with success
  failed,    // ended for good, without
};

std::string_view name_of(Phase phase);

// One service's state machine. Entirely passive: verbs are called by the Orchestrator when the rest
// of the graph allows them, facts arrive as events of this service; both append commands to `out`.
//
// One timer, whose meaning follows from the phase. A stale TimerFired, Spawned, ProcessEnded … is
// told by its serial or generation, and has no effect.
class Lifecycle {
 public:
  // What a fact came to, for the graph around the service.
  enum class Outcome {
    nothing,
    launched,  // the program runs
    gone,      // the process, and what had to go with it, is gone: call stopped() or resolve_end()
    retry,     // the pause before another try is over: call spawn()
  };

  // How an end was resolved, once nobody wants the service down.
  enum class Resolution { respawn, backoff, exited, failed };

  // `spec` outlives this object.
  Lifecycle(ServiceId id, const ServiceSpec& spec, std::uint64_t seed);

  Phase phase() const { return phase_; }
  Generation generation() const { return generation_; }
  // The last end of a process of it, or what stands for a start that failed.
  const std::optional<ExitStatus>& last_status() const { return last_status_; }
  // The end of its last process; none where the last start failed, or there was none.
  std::optional<ExitStatus> last_end() const { return ran_ ? last_status_ : std::nullopt; }
  // The dependency whose failure made it fail.
  const std::optional<ServiceId>& failed_dependency() const { return failed_dependency_; }
  // Whether its program has run since it was last asked to start.
  bool launched() const { return launched_; }
  bool has_process() const;
  bool settled() const;
  // Whether a signal that somebody sends to the service would reach a process.
  bool signalable() const { return phase_ == Phase::running || phase_ == Phase::stopping; }
  bool succeeded(const ExitStatus& status) const;
  std::uint32_t armed_serial() const { return armed_ ? serial_ : 0; }
  bool group_killed() const { return group_killed_; }
  const RestartHistory& history() const { return history_; }
  Time started_at() const { return started_at_; }

  // stopped, exited, failed → waiting, with a clean slate.
  void request();
  // waiting, backoff, stopped → spawning.
  void spawn(Commands& out);
  // waiting, backoff → stopped.
  void drop(Commands& out);
  // running → stopping.
  void stop(Duration grace, Time now, Commands& out);
  // Cuts short a grace period that runs already.
  void limit_grace(Duration grace, Time now, Commands& out);
  // Any phase with a process: SIGKILL to all of its group, now.
  void kill(Commands& out);
  // waiting → failed, because `dependency` did.
  void fail_with(ServiceId dependency, const std::optional<ExitStatus>& its_status, Commands& out);

  Outcome spawned(Generation generation, Time now, Commands& out);
  Outcome spawn_failed(const SpawnFailed& event, Commands& out);
  // `grace`: what the rest of its group gets, where it has to be stopped.
  Outcome process_ended(const ProcessEnded& event, Duration grace, Time now, Commands& out);
  Outcome group_emptied(Generation generation, Commands& out);
  Outcome timer_fired(std::uint32_t serial, Commands& out);

  // After Outcome::gone: → stopped.
  void stopped(Commands& out);
  // After Outcome::gone: → backoff, exited or failed, as restart, on_success and on_failure say.
  Resolution resolve_end(Time now, Commands& out);

 private:
  friend struct CoreProbe;  // tests/model compares states

  void arm(Duration delay, Commands& out);
  void arm_grace(Duration grace, Time now, Commands& out);
  void disarm(Commands& out);
  void signal(int signo, SignalScope scope, Commands& out) const;
  void signal_stop(SignalScope scope, Commands& out) const;
  void kill_group(Commands& out);
  void announce(Announce fact, Commands& out) const;
  Resolution restart(const RestartHistory::Attempt& attempt, Commands& out);
  std::uint64_t noise() const;

  ServiceId id_;
  const ServiceSpec* spec_;
  std::uint64_t seed_;
  Phase phase_ = Phase::stopped;
  Generation generation_{0};
  std::uint32_t serial_ = 0;
  std::uint32_t resource_tries_ = 0;
  bool armed_ = false;
  bool launched_ = false;
  bool group_killed_ = false;
  bool ran_ = false;  // the end to resolve is a process's, not a failed start's
  std::optional<ExitStatus> last_status_;
  std::optional<ServiceId> failed_dependency_;
  Time started_at_{};
  Duration uptime_{};
  Time grace_end_{};
  RestartHistory history_;
};

}  // namespace pid1
