#include <algorithm>
#include <ranges>

#include "services/orchestrator.h"

namespace pid1 {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigInt = 2;
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

// What those in uninterruptible sleep get before they are left to the kernel.
constexpr Duration kAfterKill = std::chrono::seconds(1);

int as_forwarded(const SignalRule& rule, int signo) { return rule.as == 0 ? signo : rule.as; }

// Never 0: a service may have failed by ending too often with success, or because a dependency did.
int failure_code(const Lifecycle& failed) {
  const auto& status = failed.last_status();
  return status && exit_code(*status) != 0 ? exit_code(*status) : 1;
}

}  // namespace

void Orchestrator::receive(const SignalReceived& signal, Time now, Commands& out) {
  const int signo = signal.signo;
  const SignalRule& rule = plan_->container().signals[static_cast<std::size_t>(signo)];
  if (!concerns_services(rule)) return;
  const bool shuts_down = rule.kind == SignalRule::Kind::shutdown;
  const bool asks = shuts_down || asks_for_end(signo);
  switch (stage_) {
    case Stage::created:
    case Stage::finished: return;
    case Stage::supervising: {
      asked_ = asked_ || asks;  // a service that ends because of it is not all that was meant
      const bool heard = !shuts_down && pass_on(rule, signo, out);
      // What nobody gets must not be lost: a start may fail for ever.
      if (asks && !heard) begin_shutdown({ShutdownCause::Kind::asked, signal}, now, out);
      return;
    }
    case Stage::stopping:
      asked_ = asked_ || asks;
      if (shuts_down) return be_asked_again(signo, now, out);
      pass_on(rule, signo, out);
      return;
    case Stage::lingering:
      if (asks) return end_lingering(rule, signo, now, out);
      if (rule.kind == SignalRule::Kind::forward && rule.only.empty()) {
        out.push_back(SignalRest{as_forwarded(rule, signo)});
      }
      return;
    case Stage::sweeping:
      if (shuts_down || signo == kSigInt) be_asked_again(signo, now, out);
      return;
  }
}

// Whether any service got what it stands for.
bool Orchestrator::pass_on(const SignalRule& rule, int signo, Commands& out) const {
  switch (rule.kind) {
    case SignalRule::Kind::forward: return forward(rule, signo, out);
    case SignalRule::Kind::reload: return reload_all(out);
    case SignalRule::Kind::shutdown:
    case SignalRule::Kind::ignore:
    case SignalRule::Kind::reopen: return false;
  }
  return false;
}

bool Orchestrator::forward(const SignalRule& rule, int signo, Commands& out) const {
  const std::size_t before = out.size();
  const auto send = [&](ServiceId id, int as) {
    const Lifecycle& life = at(id).life;
    if (life.signalable()) out.push_back(Signal{id, life.generation(), as, rule.scope});
  };
  for (const auto& [name, as] : rule.only) {
    if (const auto id = plan_->find(name)) send(*id, as);
  }
  if (rule.only.empty()) {
    for (std::size_t i = 0; i < services_.size(); ++i) {
      send(ServiceId{static_cast<std::uint32_t>(i)}, as_forwarded(rule, signo));
    }
  }
  return out.size() > before;
}

void Orchestrator::be_asked_again(int signo, Time now, Commands& out) {
  if (signo == kSigInt && !hurried_) return kill_everything(Fact::hurried, now, out);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    if (at(id).life.has_process()) {
      out.push_back(Announce{.fact = Fact::still_waiting, .service = id});
    }
  }
}

void Orchestrator::begin_shutdown(const ShutdownCause& cause, Time now, Commands& out) {
  if (stage_ != Stage::supervising) return;
  stage_ = Stage::stopping;
  cause_ = cause;
  deadlines_ = deadlines_from(now, plan_->stop_budget());
  arm(deadlines_.services - now, out);
  out.push_back(Announce{.fact = Fact::shutdown_begun, .delay = plan_->stop_budget()});
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    Service& service = at(id);
    service.wanted = false;
    service.again = false;
    service.doomed_by.reset();
    service.holds = false;
    service.held_by = 0;
    if (service.life.settled()) continue;
    change(id, [&](Lifecycle& life) {
      if (!life.has_process()) return life.drop(moment(id, now), out);
      life.limit_grace(moment(id, now), out);
    });
  }
  for (const ServiceId id : std::views::reverse(plan_->start_order())) tell_dependencies(id);
}

void Orchestrator::kill_everything(Fact why, Time now, Commands& out) {
  hurried_ = true;
  out.push_back(Announce{.fact = why});
  if (stage_ == Stage::sweeping) return sweep_hard(out);
  for (Service& service : services_) service.life.kill(now, out);
  arm(kAfterKill, out);
}

void Orchestrator::leave_services(Time now, Commands& out) {
  if (hurried_) return sweep_hard(out);
  if (plan_->container().leftovers.awaited && !asked_) return linger(out);
  begin_sweep(kSigTerm, now, out);
}

void Orchestrator::linger(Commands& out) {
  stage_ = Stage::lingering;
  disarm(out);
  out.push_back(Announce{.fact = Fact::lingering});
  out.push_back(AwaitRest{});
}

void Orchestrator::end_lingering(const SignalRule& rule, int signo, Time now, Commands& out) {
  // Nobody asked for the end before: all of the budget is there.
  deadlines_ = deadlines_from(now, plan_->stop_budget());
  const bool forwards = rule.kind == SignalRule::Kind::forward;
  begin_sweep(forwards ? as_forwarded(rule, signo) : kSigTerm, now, out);
}

void Orchestrator::begin_sweep(int signo, Time now, Commands& out) {
  const auto [awaited, grace] = plan_->container().leftovers;
  if (grace == Duration::zero()) {
    if (!awaited) return finish(out);
    if (stage_ != Stage::lingering) linger(out);
    out.push_back(SignalRest{signo});
    return;
  }
  stage_ = Stage::sweeping;
  out.push_back(Announce{.fact = Fact::sweeping});
  out.push_back(SignalRest{signo});
  arm(std::clamp(deadlines_.end - now, Duration::zero(), grace), out);
}

void Orchestrator::sweep_hard(Commands& out) {
  if (plan_->container().leftovers.grace == Duration::zero()) {
    if (alive_ > 0) out.push_back(Announce{.fact = Fact::sweep_abandoned});
    return finish(out);
  }
  stage_ = Stage::sweeping;
  sweep_killed_ = true;
  out.push_back(Announce{.fact = Fact::sweep_killing});
  out.push_back(SignalRest{kSigKill});
  arm(kAfterKill, out);
}

void Orchestrator::container_timer_fired(std::uint32_t serial, Time now, Commands& out) {
  if (!armed_ || serial != serial_) return;
  armed_ = false;
  switch (stage_) {
    case Stage::stopping:
      if (hurried_) return sweep_hard(out);
      return kill_everything(Fact::deadline_passed, now, out);
    case Stage::sweeping:
      if (!sweep_killed_) return sweep_hard(out);
      out.push_back(Announce{.fact = Fact::sweep_abandoned});
      return finish(out);
    case Stage::created:
    case Stage::supervising:
    case Stage::lingering:
    case Stage::finished: return;
  }
}

void Orchestrator::finish(Commands& out) {
  disarm(out);
  stage_ = Stage::finished;
  out.push_back(Finish{final_code()});
}

const Lifecycle* Orchestrator::code_giver() const {
  const auto& from = plan_->container().exit_code_from;
  if (!from) return nullptr;
  const Lifecycle& life = at(*plan_->find(*from)).life;
  return life.phase() == Phase::failed || life.last_status() ? &life : nullptr;
}

// exit_code_from's; else that of the service whose failure ended it; else 0, but where what was to
// give the code has never run.
int Orchestrator::final_code() const {
  if (const Lifecycle* giver = code_giver()) {
    return giver->phase() == Phase::failed ? failure_code(*giver)
                                           : exit_code(*giver->last_status());
  }
  if (cause_->kind == ShutdownCause::Kind::service_unhealthy) return 1;
  const bool asked = cause_->kind == ShutdownCause::Kind::asked;
  const bool code_missing = plan_->container().exit_code_from.has_value();
  if (asked && (code_missing || (plan_->container().must_start && !ran_))) {
    return exit_code(Signaled{cause_->signal.signo});
  }
  if (cause_->kind != ShutdownCause::Kind::service_failed) return 0;
  return failure_code(at(*cause_->service).life);
}

void Orchestrator::arm(Duration delay, Commands& out) {
  armed_ = true;
  ++serial_;
  out.push_back(ArmTimer{{static_cast<std::uint32_t>(plan_->size()), serial_}, delay});
}

void Orchestrator::disarm(Commands& out) {
  if (!armed_) return;
  armed_ = false;
  out.push_back(CancelTimer{{static_cast<std::uint32_t>(plan_->size()), serial_}});
}

}  // namespace pid1
