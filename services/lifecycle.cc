#include "services/lifecycle.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1 {

namespace {

// The kernel's numbers, the same on every architecture we run on (signal(7)).
constexpr int kSigKill = 9;
constexpr int kSigCont = 18;

// How long the rest of a group may take to go after SIGKILL; longer means a process in
// uninterruptible sleep, or a zombie whose parent is alive elsewhere and never waits.
constexpr Duration kDrainLimit = std::chrono::seconds(1);

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::stopped: return "stopped";
    case Phase::waiting: return "waiting";
    case Phase::spawning: return "spawning";
    case Phase::running: return "running";
    case Phase::stopping: return "stopping";
    case Phase::killing: return "killing";
    case Phase::draining: return "draining";
    case Phase::backoff: return "backoff";
    case Phase::exited: return "exited";
    case Phase::failed: return "failed";
  }
  return "";
}

Lifecycle::Lifecycle(ServiceId id, const ServiceSpec& spec, std::uint64_t seed)
    : id_(id), spec_(&spec), seed_(seed) {}

bool Lifecycle::has_process() const {
  switch (phase_) {
    case Phase::spawning:
    case Phase::running:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining: return true;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return false;
  }
  return false;
}

bool Lifecycle::settled() const {
  return phase_ == Phase::stopped || phase_ == Phase::exited || phase_ == Phase::failed;
}

bool Lifecycle::succeeded(const ExitStatus& status) const {
  const int code = exit_code(status);
  return code == 0 ||
         std::ranges::find(spec_->success_exit_codes, code) != spec_->success_exit_codes.end();
}

void Lifecycle::request() {
  phase_ = Phase::waiting;
  launched_ = false;
  resource_tries_ = 0;
  failed_dependency_.reset();
  history_.clear();
}

void Lifecycle::spawn(Commands& out) {
  phase_ = Phase::spawning;
  generation_ = Generation{static_cast<std::uint32_t>(generation_) + 1};
  group_killed_ = false;
  out.push_back(Spawn{id_, generation_});
}

void Lifecycle::drop(Commands& out) {
  disarm(out);
  phase_ = Phase::stopped;
}

void Lifecycle::stop(Duration grace, Time now, Commands& out) {
  phase_ = Phase::stopping;
  signal_stop(spec_->stop.kill_mode == KillMode::group ? SignalScope::group : SignalScope::process,
              out);
  arm_grace(grace, now, out);
  announce({.fact = Fact::stopping, .delay = grace}, out);
}

void Lifecycle::limit_grace(Duration grace, Time now, Commands& out) {
  const bool grace_runs =
      phase_ == Phase::stopping || (phase_ == Phase::draining && !group_killed_);
  if (!grace_runs || later(now, grace) >= grace_end_) return;
  arm_grace(grace, now, out);
}

void Lifecycle::kill(Commands& out) {
  switch (phase_) {
    case Phase::running:
    case Phase::stopping:
      disarm(out);
      phase_ = Phase::killing;
      [[fallthrough]];
    case Phase::killing: kill_group(out); return;
    case Phase::draining:
      if (group_killed_) return;
      kill_group(out);
      arm(kDrainLimit, out);
      return;
    case Phase::spawning:  // spawned() is followed by another kill()
    case Phase::stopped:
    case Phase::waiting:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return;
  }
}

void Lifecycle::fail_with(ServiceId dependency, const std::optional<ExitStatus>& its_status,
                          Commands& out) {
  phase_ = Phase::failed;
  last_status_ = its_status;
  failed_dependency_ = dependency;
  ran_ = false;
  announce({.fact = Fact::dependency_failed, .other = dependency}, out);
}

Lifecycle::Outcome Lifecycle::spawned(Generation generation, Time now, Commands& out) {
  if (phase_ != Phase::spawning || generation != generation_) return Outcome::nothing;
  phase_ = Phase::running;
  launched_ = true;
  resource_tries_ = 0;
  started_at_ = now;
  announce({.fact = Fact::started}, out);
  return Outcome::launched;
}

Lifecycle::Outcome Lifecycle::spawn_failed(const SpawnFailed& event, Commands& out) {
  if (phase_ != Phase::spawning || event.generation != generation_) return Outcome::nothing;
  switch (event.fault) {
    case SpawnFault::system: {
      phase_ = Phase::backoff;
      const Duration delay = resource_retry_delay(resource_tries_, noise());
      resource_tries_ = std::min(resource_tries_ + 1, 16u);
      arm(delay, out);
      announce({.fact = Fact::spawn_deferred, .delay = delay}, out);
      return Outcome::nothing;
    }
    case SpawnFault::service:
      last_status_ = Exited{event.code};
      ran_ = false;
      uptime_ = Duration::zero();
      announce({.fact = Fact::spawn_failed}, out);
      return Outcome::gone;
  }
  return Outcome::nothing;
}

Lifecycle::Outcome Lifecycle::process_ended(const ProcessEnded& event, Duration grace, Time now,
                                            Commands& out) {
  if (event.generation != generation_) return Outcome::nothing;
  switch (phase_) {
    case Phase::running:
    case Phase::stopping:
    case Phase::killing: break;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::spawning:
    case Phase::draining:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return Outcome::nothing;
  }
  const Phase before = phase_;
  last_status_ = event.status;
  ran_ = true;
  uptime_ = now - started_at_;
  if (before == Phase::running) announce({.fact = Fact::ended, .status = event.status}, out);
  if (event.group == GroupState::empty || spec_->stop.kill_mode == KillMode::process) {
    disarm(out);
    return Outcome::gone;
  }

  phase_ = Phase::draining;
  out.push_back(WatchGroup{id_, generation_});
  if (spec_->stop.kill_mode == KillMode::group && before != Phase::killing) {
    if (before == Phase::running) {
      signal_stop(SignalScope::group, out);
      arm_grace(grace, now, out);
    }
    return Outcome::nothing;  // a stop's grace period runs on
  }
  kill_group(out);
  arm(kDrainLimit, out);
  announce({.fact = Fact::killing_group}, out);
  return Outcome::nothing;
}

Lifecycle::Outcome Lifecycle::group_emptied(Generation generation, Commands& out) {
  if (phase_ != Phase::draining || generation != generation_) return Outcome::nothing;
  disarm(out);
  return Outcome::gone;
}

Lifecycle::Outcome Lifecycle::timer_fired(std::uint32_t serial, Commands& out) {
  if (!armed_ || serial != serial_) return Outcome::nothing;
  armed_ = false;
  switch (phase_) {
    case Phase::stopping:
      phase_ = Phase::killing;
      announce({.fact = Fact::killing}, out);
      if (spec_->stop.kill_mode == KillMode::process) {
        signal(kSigKill, SignalScope::process, out);
      } else {
        kill_group(out);
      }
      return Outcome::nothing;
    case Phase::draining:
      if (group_killed_) {
        announce({.fact = Fact::group_left}, out);
        return Outcome::gone;
      }
      announce({.fact = Fact::killing_group}, out);
      kill_group(out);
      arm(kDrainLimit, out);
      return Outcome::nothing;
    case Phase::backoff: return Outcome::retry;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::spawning:
    case Phase::running:
    case Phase::killing:
    case Phase::exited:
    case Phase::failed: return Outcome::nothing;
  }
  return Outcome::nothing;
}

void Lifecycle::arm(Duration delay, Commands& out) {
  armed_ = true;
  ++serial_;
  out.push_back(ArmTimer{{static_cast<std::uint32_t>(id_), serial_}, delay});
}

void Lifecycle::arm_grace(Duration grace, Time now, Commands& out) {
  grace_end_ = later(now, grace);
  arm(grace, out);
}

void Lifecycle::disarm(Commands& out) {
  if (!armed_) return;
  armed_ = false;
  out.push_back(CancelTimer{{static_cast<std::uint32_t>(id_), serial_}});
}

void Lifecycle::signal(int signo, SignalScope scope, Commands& out) const {
  out.push_back(Signal{id_, generation_, signo, scope});
}

void Lifecycle::signal_stop(SignalScope scope, Commands& out) const {
  signal(spec_->stop.signal, scope, out);
  signal(kSigCont, scope, out);  // one that stopped itself must hear it too
}

void Lifecycle::kill_group(Commands& out) {
  group_killed_ = true;
  signal(kSigKill, SignalScope::group, out);
}

void Lifecycle::announce(Announce fact, Commands& out) const {
  fact.service = id_;
  out.push_back(fact);
}

std::uint64_t Lifecycle::noise() const {
  return noise_from(
      seed_, (static_cast<std::uint64_t>(id_) << 32) | static_cast<std::uint32_t>(generation_));
}

}  // namespace pid1
