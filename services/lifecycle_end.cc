#include "services/lifecycle.h"

namespace pid1 {

void Lifecycle::stopped(Commands& out) {
  phase_ = Phase::stopped;
  announce({.fact = Fact::stopped, .status = last_end()}, out);
}

EndAction Lifecycle::failure_action() const {
  return out_of_memory_ ? spec_->on_oom.value_or(spec_->on_failure) : spec_->on_failure;
}

// Whether the policy restarts it, as long as its limit isn't reached.
bool Lifecycle::restarts_after(Phase end) const {
  if (verdict_ == Verdict::unhealthy) return true;  // on_unhealthy: restart
  return end == Phase::exited ? spec_->restart.condition == RestartCondition::always
                              : spec_->restart.condition != RestartCondition::never;
}

Lifecycle::Resolution Lifecycle::resolve_end(Time now, Commands& out) {
  const bool success = ran_ && verdict_ == Verdict::none && succeeded(*last_status_);
  const bool never_worked = verdict_ == Verdict::not_ready || verdict_ == Verdict::hook_failed;
  if (never_worked) uptime_ = Duration::zero();
  const RestartPolicy& policy = spec_->restart;
  EndAction action = success ? spec_->on_success : failure_action();
  Phase final_phase = success ? Phase::exited : Phase::failed;
  Fact final_fact = success ? Fact::completed : Fact::failed;
  if (restarts_after(final_phase)) {
    if (const auto attempt = history_.next(policy, uptime_, now, noise())) {
      return restart(*attempt, now, out);
    }
    action = failure_action();
    final_phase = Phase::failed;
    final_fact = Fact::gave_up;
  }
  if (action == EndAction::restart) {
    return restart(history_.next_unlimited(policy, uptime_, noise()), now, out);
  }
  phase_ = final_phase;
  announce({.fact = final_fact, .status = last_end(), .attempts = policy.max_attempts}, out);
  return final_phase == Phase::exited ? Resolution::exited : Resolution::failed;
}

Lifecycle::Resolution Lifecycle::restart(const RestartHistory::Attempt& attempt, Time now,
                                         Commands& out) {
  announce({.fact = Fact::restarting,
            .status = last_end(),
            .delay = attempt.delay,
            .attempt = attempt.number,
            .attempts = attempt.number == 0 ? 0 : spec_->restart.max_attempts},
           out);
  if (attempt.delay == Duration::zero()) return Resolution::respawn;
  phase_ = Phase::backoff;
  arm({now, attempt.delay}, out);
  return Resolution::backoff;
}

}  // namespace pid1
