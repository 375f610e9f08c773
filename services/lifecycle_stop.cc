#include <algorithm>

#include "services/lifecycle.h"
#include "services/shutdown.h"

namespace pid1 {

namespace {

// The kernel's numbers, the same on every architecture we run on (signal(7)).
constexpr int kSigAbort = 6;
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;
constexpr int kSigCont = 18;

// How long the rest of a group may take to go after SIGKILL; longer means a process in
// uninterruptible sleep, or a zombie whose parent is alive elsewhere and never waits.
constexpr Duration kDrainLimit = std::chrono::seconds(1);

// What the hooks before the stop signal get of a grace period.
Duration for_hooks(Duration grace) { return grace / 2; }

}  // namespace

void Lifecycle::stop(Moment at, Commands& out) {
  verdict_ = Verdict::none;
  announce({.fact = Fact::stopping, .delay = at.grace}, out);
  if (phase_ == Phase::preparing) {
    phase_ = Phase::cancelling;
    signal_hook(kSigTerm, out);
    arm_grace(at, out);
    return;
  }
  begin_stop(at, out);
}

void Lifecycle::fail(Verdict verdict, Moment at, Commands& out) {
  verdict_ = verdict;
  announce({.fact = Fact::condemned, .delay = at.grace, .verdict = verdict}, out);
  begin_stop(at, out);
}

void Lifecycle::begin_stop(Moment at, Commands& out) {
  grace_end_ = later(at.now, at.grace);
  // One that shows no life is to leave a dump of where it hangs, as systemd has it.
  const bool hangs = verdict_ == Verdict::silent;
  if (hangs) abandon_hook(out);
  if (hook_runs_ || (!hangs && run_hooks(HookPoint::pre_stop, out))) {
    phase_ = Phase::quiescing;
    if (hook_point_ == HookPoint::post_start) signal_hook(kSigTerm, out);
    arm({at.now, for_hooks(at.grace)}, out);
    return;
  }
  send_stop(at, out);
}

void Lifecycle::send_stop(Moment at, Commands& out) {
  phase_ = Phase::stopping;
  signal_stop(spec_->stop.kill_mode == KillMode::group ? SignalScope::group : SignalScope::process,
              out);
  arm_grace(at, out);
}

void Lifecycle::signal_stop(SignalScope scope, Commands& out) const {
  signal(verdict_ == Verdict::silent ? kSigAbort : spec_->stop.signal, scope, out);
  signal(kSigCont, scope, out);  // one that stopped itself must hear it too
}

// The hooks are through, or their time is.
Lifecycle::Outcome Lifecycle::quiesced(Moment at, Commands& out) {
  if (main_ended_) return leave_group(group_left_, Phase::quiescing, at, out);
  send_stop({at.now, grace_left(at.now)}, out);
  return Outcome::nothing;
}

Duration Lifecycle::grace_left(Time now) const {
  return grace_end_ == Time::max() ? Duration::max() : std::max(grace_end_ - now, Duration::zero());
}

void Lifecycle::limit_grace(Moment at, Commands& out) {
  const bool grace_runs = phase_ == Phase::cancelling || phase_ == Phase::quiescing ||
                          phase_ == Phase::stopping || phase_ == Phase::cleaning ||
                          (phase_ == Phase::draining && !group_killed_);
  if (!grace_runs || !armed_ || later(at.now, at.grace) >= grace_end_) return;
  grace_end_ = later(at.now, at.grace);
  const Duration limit = phase_ == Phase::quiescing ? for_hooks(at.grace) : at.grace;
  if (later(at.now, limit) < due_) arm({at.now, limit}, out);
}

void Lifecycle::kill_group(Commands& out) {
  group_killed_ = true;
  signal(kSigKill, SignalScope::group, out);
}

void Lifecycle::kill_main(Commands& out) {
  disarm(out);
  phase_ = Phase::killing;
  kill_group(out);
}

void Lifecycle::kill(Time now, Commands& out) {
  hasty_ = true;
  switch (phase_) {
    case Phase::preparing:
    case Phase::cancelling:
      disarm(out);
      phase_ = Phase::cancelling;
      signal_hook(kSigKill, out);
      return;
    case Phase::quiescing:
      if (main_ended_) {
        disarm(out);
        signal_hook(kSigKill, out);
        return;
      }
      [[fallthrough]];
    case Phase::running:
    case Phase::stopping:
      abandon_hook(out);
      kill_main(out);
      return;
    case Phase::killing: kill_group(out); return;
    case Phase::draining:
      if (group_killed_) return;
      kill_group(out);
      arm({now, kDrainLimit}, out);
      return;
    case Phase::cleaning:
      disarm(out);
      signal_hook(kSigKill, out);
      return;
    case Phase::spawning:  // spawned() is followed by another kill()
    case Phase::stopped:
    case Phase::waiting:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return;
  }
}

Lifecycle::Outcome Lifecycle::process_ended(const ProcessEnded& event, Moment at, Commands& out) {
  if (event.generation != generation_) return Outcome::nothing;
  switch (phase_) {
    case Phase::running:
    case Phase::stopping:
    case Phase::killing: break;
    case Phase::quiescing:
      if (main_ended_) return Outcome::nothing;
      break;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::cancelling:
    case Phase::draining:
    case Phase::cleaning:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return Outcome::nothing;
  }
  last_status_ = event.status;
  ran_ = true;
  out_of_memory_ = event.out_of_memory;
  uptime_ = at.now - started_at_;
  switch (phase_) {
    case Phase::quiescing:  // what the hooks do may be what ended it: they end in peace
      main_ended_ = true;
      group_left_ = event.group;
      if (looks_after(event.group)) out.push_back(WatchGroup{id_, generation_});
      return Outcome::nothing;
    case Phase::running:
      announce({.fact = Fact::ended, .status = event.status}, out);
      abandon_hook(out);
      break;
    default: break;
  }
  return leave_group(event.group, phase_, at, out);
}

// The main process has ended: what becomes of the rest of its group.
Lifecycle::Outcome Lifecycle::leave_group(GroupState group, Phase before, Moment at,
                                          Commands& out) {
  if (!looks_after(group)) {
    disarm(out);
    return clean_up(at, out);
  }
  phase_ = Phase::draining;
  if (before != Phase::quiescing) out.push_back(WatchGroup{id_, generation_});
  if (spec_->stop.kill_mode == KillMode::group && before != Phase::killing && !hasty_) {
    if (before == Phase::stopping) return Outcome::nothing;  // the grace period runs on
    signal_stop(SignalScope::group, out);
    if (before == Phase::running) {
      arm_grace(at, out);
    } else {
      arm({at.now, grace_left(at.now)}, out);
    }
    return Outcome::nothing;
  }
  kill_group(out);
  arm({at.now, kDrainLimit}, out);
  announce({.fact = Fact::killing_group}, out);
  return Outcome::nothing;
}

bool Lifecycle::looks_after(GroupState group) const {
  return group == GroupState::populated && spec_->stop.kill_mode != KillMode::process;
}

Lifecycle::Outcome Lifecycle::group_emptied(Generation generation, Moment at, Commands& out) {
  if (generation != generation_) return Outcome::nothing;
  if (phase_ == Phase::quiescing && main_ended_) group_left_ = GroupState::empty;
  if (phase_ != Phase::draining) return Outcome::nothing;
  disarm(out);
  return clean_up(at, out);
}

// Nothing of the process is left, or it was none.
Lifecycle::Outcome Lifecycle::clean_up(Moment at, Commands& out) {
  prepared_ = false;
  if (!run_hooks(HookPoint::post_stop, out)) return Outcome::gone;
  phase_ = Phase::cleaning;
  arm_grace(at, out);
  return Outcome::nothing;
}

Lifecycle::Outcome Lifecycle::timer_fired(std::uint32_t serial, Moment at, Commands& out) {
  if (!armed_ || serial != serial_) return Outcome::nothing;
  armed_ = false;
  switch (phase_) {
    case Phase::running: return pass_limit(at.now, out);
    case Phase::cancelling: signal_hook(kSigKill, out); return Outcome::nothing;
    case Phase::quiescing:
      announce({.fact = Fact::hook_killed, .hook = hook_point_}, out);
      abandon_hook(out);
      return quiesced(at, out);
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
        return clean_up(at, out);
      }
      announce({.fact = Fact::killing_group}, out);
      kill_group(out);
      arm({at.now, kDrainLimit}, out);
      return Outcome::nothing;
    case Phase::cleaning:
      announce({.fact = Fact::hook_killed, .hook = hook_point_}, out);
      abandon_hook(out);
      return Outcome::gone;
    case Phase::backoff: return Outcome::retry;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::killing:
    case Phase::exited:
    case Phase::failed: return Outcome::nothing;
  }
  return Outcome::nothing;
}

}  // namespace pid1
