#include "services/lifecycle.h"

namespace pid1 {

void Lifecycle::stopped(Commands& out) {
  phase_ = Phase::stopped;
  announce({.fact = Fact::stopped, .status = last_end()}, out);
}

Lifecycle::Resolution Lifecycle::resolve_end(Time now, Commands& out) {
  const bool success = ran_ && succeeded(*last_status_);
  const RestartPolicy& policy = spec_->restart;
  const bool wanted = success ? policy.condition == RestartCondition::always
                              : policy.condition != RestartCondition::never;
  EndAction action = success ? spec_->on_success : spec_->on_failure;
  Phase final_phase = success ? Phase::exited : Phase::failed;
  Fact final_fact = success ? Fact::completed : Fact::failed;
  if (wanted) {
    if (const auto attempt = history_.next(policy, uptime_, now, noise())) {
      return restart(*attempt, out);
    }
    action = spec_->on_failure;
    final_phase = Phase::failed;
    final_fact = Fact::gave_up;
  }
  if (action == EndAction::restart) {
    return restart(history_.next_unlimited(policy, uptime_, noise()), out);
  }
  phase_ = final_phase;
  announce({.fact = final_fact, .status = last_end(), .attempts = policy.max_attempts}, out);
  return final_phase == Phase::exited ? Resolution::exited : Resolution::failed;
}

Lifecycle::Resolution Lifecycle::restart(const RestartHistory::Attempt& attempt, Commands& out) {
  announce({.fact = Fact::restarting,
            .status = last_end(),
            .delay = attempt.delay,
            .attempt = attempt.number,
            .attempts = attempt.number == 0 ? 0 : spec_->restart.max_attempts},
           out);
  if (attempt.delay == Duration::zero()) return Resolution::respawn;
  phase_ = Phase::backoff;
  arm(attempt.delay, out);
  return Resolution::backoff;
}

}  // namespace pid1
