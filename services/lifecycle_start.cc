#include <algorithm>

#include "services/lifecycle.h"
#include "services/shutdown.h"

namespace pid1 {

void Lifecycle::spawn(Commands& out) {
  verdict_ = Verdict::none;
  out_of_memory_ = false;
  if (!prepared_ && run_hooks(HookPoint::pre_start, out)) {
    phase_ = Phase::preparing;
    return;
  }
  spawn_main(out);
}

void Lifecycle::spawn_main(Commands& out) {
  prepared_ = true;
  phase_ = Phase::spawning;
  generation_ = Generation{static_cast<std::uint32_t>(generation_) + 1};
  group_killed_ = said_ready_ = ready_ = main_ended_ = false;
  out.push_back(Spawn{id_, generation_});
}

Lifecycle::Outcome Lifecycle::spawned(Generation generation, Time now, Commands& out) {
  if (phase_ != Phase::spawning || generation != generation_) return Outcome::nothing;
  phase_ = Phase::running;
  launched_ = true;
  said_ready_ = spec_->readiness.kind == Readiness::Kind::none;
  resource_tries_ = 0;
  started_at_ = now;
  limits_.begin(*spec_, now);
  if (said_ready_) limits_.ready(now);
  announce({.fact = Fact::started}, out);
  if (!run_hooks(HookPoint::post_start, out)) finish_start(now, out);
  arm_limits(now, out);
  return Outcome::changed;
}

// Whoever is to say that it is ready may have said so while the hooks ran.
Lifecycle::Outcome Lifecycle::finish_start(Time now, Commands& out) {
  if (!said_ready_ || hook_runs_ || ready_) return Outcome::nothing;
  ready_ = true;
  const bool is_news =
      spec_->readiness.kind != Readiness::Kind::none || !spec_->hooks.post_start.empty();
  if (is_news) announce({.fact = Fact::ready, .delay = now - started_at_}, out);
  return Outcome::changed;
}

Lifecycle::Outcome Lifecycle::became_ready(Generation generation, Time now, Commands& out) {
  if (phase_ != Phase::running || generation != generation_) return Outcome::nothing;
  if (!said_ready_) limits_.ready(now);
  said_ready_ = true;
  arm_limits(now, out);
  return finish_start(now, out);
}

void Lifecycle::showed_life(Generation generation, Time now) {
  if (generation == generation_) limits_.showed_life(now);
}

Lifecycle::Outcome Lifecycle::fell_silent(Generation generation) {
  if (phase_ != Phase::running || generation != generation_) return Outcome::nothing;
  verdict_ = Verdict::silent;
  return Outcome::condemned;
}

void Lifecycle::changed_watchdog(const WatchdogChanged& event, Time now, Commands& out) {
  if (phase_ != Phase::running || event.generation != generation_) return;
  limits_.change_watchdog(event.limit, now);
  arm_limits(now, out);
}

void Lifecycle::extended_timeout(const TimeoutExtended& event, Time now, Time latest,
                                 Commands& out) {
  if (event.generation != generation_) return;
  if (phase_ == Phase::running) {
    limits_.extend(event.extension, now);
    arm_limits(now, out);
    return;
  }
  const Time end = std::min(later(now, event.extension), latest);
  if (end <= grace_end_) return;
  if (phase_ == Phase::quiescing && !main_ended_) grace_end_ = end;
  if (phase_ == Phase::stopping) arm_grace({now, end - now}, out);
}

// One that is armed for an earlier deadline looks again by itself.
void Lifecycle::arm_limits(Time now, Commands& out) {
  const Time earliest = limits_.earliest();
  if (earliest == Time::max()) return disarm(out);
  if (armed_ && due_ <= earliest) return;
  arm({now, std::max(earliest - now, Duration::zero())}, out);
}

// The timer is believed, whatever the clock says.
Lifecycle::Outcome Lifecycle::pass_limit(Time now, Commands& out) {
  switch (limits_.passed(std::max(now, due_))) {
    case RunLimits::Passed::none: arm_limits(now, out); return Outcome::nothing;
    case RunLimits::Passed::readiness: verdict_ = Verdict::not_ready; return Outcome::condemned;
    case RunLimits::Passed::watchdog: verdict_ = Verdict::silent; return Outcome::condemned;
    case RunLimits::Passed::runtime: verdict_ = Verdict::overran; return Outcome::condemned;
  }
  return Outcome::nothing;
}

Lifecycle::Outcome Lifecycle::spawn_failed(const SpawnFailed& event, Moment at, Commands& out) {
  if (phase_ != Phase::spawning || event.generation != generation_) return Outcome::nothing;
  switch (event.fault) {
    case SpawnFault::system: {
      phase_ = Phase::backoff;
      const Duration delay = resource_retry_delay(resource_tries_, noise());
      resource_tries_ = std::min(resource_tries_ + 1, 16u);
      arm({at.now, delay}, out);
      announce({.fact = Fact::spawn_deferred, .delay = delay}, out);
      return Outcome::nothing;
    }
    case SpawnFault::service:
      last_status_ = Exited{event.code};
      ran_ = false;
      uptime_ = Duration::zero();
      announce({.fact = Fact::spawn_failed}, out);
      return clean_up(at, out);
  }
  return Outcome::nothing;
}

}  // namespace pid1
