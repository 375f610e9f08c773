#include "services/lifecycle.h"

namespace pid1 {

namespace {

constexpr int kSigKill = 9;  // signal(7)

}  // namespace

// Whether there is one.
bool Lifecycle::run_hooks(HookPoint point, Commands& out) {
  if (hasty_ || spec_->hooks.at(point).empty()) return false;
  hook_point_ = point;
  hook_index_ = 0;
  start_hook(out);
  return true;
}

bool Lifecycle::run_next_hook(Commands& out) {
  if (hasty_ || hook_index_ + 1 >= spec_->hooks.at(hook_point_).size()) return false;
  ++hook_index_;
  start_hook(out);
  return true;
}

void Lifecycle::start_hook(Commands& out) {
  hook_ = HookRun{static_cast<std::uint32_t>(hook_) + 1};
  hook_runs_ = true;
  out.push_back(RunHook{id_, hook_, hook_point_, hook_index_});
}

void Lifecycle::signal_hook(int signo, Commands& out) const {
  if (hook_runs_) out.push_back(SignalHook{id_, hook_, signo});
}

// Its end will come, and mean nothing.
void Lifecycle::abandon_hook(Commands& out) {
  signal_hook(kSigKill, out);
  hook_runs_ = false;
}

Lifecycle::Outcome Lifecycle::hook_ended(const HookEnded& event, Moment at, Commands& out) {
  if (!hook_runs_ || event.run != hook_) return Outcome::nothing;
  hook_runs_ = false;
  const bool success = exit_code(event.status) == 0;
  const bool cut_short = hasty_ || phase_ == Phase::cancelling ||
                         (phase_ == Phase::quiescing && hook_point_ == HookPoint::post_start);
  if (!success && !cut_short) {
    announce({.fact = Fact::hook_failed, .status = event.status, .hook = hook_point_}, out);
  }
  switch (phase_) {
    case Phase::preparing:
      if (!success) {
        last_status_ = event.status;
        ran_ = false;
        uptime_ = Duration::zero();
        return clean_up(at, out);
      }
      if (!run_next_hook(out)) spawn_main(out);
      return Outcome::nothing;
    case Phase::cancelling: disarm(out); return clean_up(at, out);
    case Phase::running:
      if (!success) {
        verdict_ = Verdict::hook_failed;
        return Outcome::condemned;
      }
      return run_next_hook(out) ? Outcome::nothing : finish_start(at.now, out);
    case Phase::quiescing: {
      const bool goes_on = !main_ended_ && (hook_point_ == HookPoint::pre_stop
                                                ? run_next_hook(out)
                                                : run_hooks(HookPoint::pre_stop, out));
      return goes_on ? Outcome::nothing : quiesced(at, out);
    }
    case Phase::cleaning:
      if (run_next_hook(out)) return Outcome::nothing;
      disarm(out);
      return Outcome::gone;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::spawning:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return Outcome::nothing;
  }
  return Outcome::nothing;
}

}  // namespace pid1
