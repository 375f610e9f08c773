#include "tests/model/sim_world.h"

#include <algorithm>

namespace pid1::model {

namespace {

constexpr int kSigKill = 9;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

void forget_runs(Reality& service) {
  service.launched = false;
  service.restarts.clear();
}

// A restart that nobody counts follows an action that overrules the policy's limit.
void count_restart(Reality& service, std::uint32_t attempt, Duration pause, Time now) {
  if (attempt == 0) {
    service.restarts.clear();
  } else {
    service.restarts.push_back(now);
    for (Time& at : service.restarts) at = later(at, pause);
  }
}

// Whether a service without a process was asked to start, or dropped, in this step.
bool starts_afresh(const Event& event, Phase was, Phase is) {
  if (was == is) return false;
  if (is == Phase::stopped || is == Phase::waiting) return true;
  switch (was) {
    case Phase::stopped:
    case Phase::exited:
    case Phase::failed: return true;
    case Phase::backoff: return std::holds_alternative<RestartRequested>(event);
    case Phase::waiting:
    case Phase::spawning:
    case Phase::running:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining: return false;
  }
  return false;
}

bool asks(const Plan& plan, int signo) {
  const auto kind = plan.container().signals[static_cast<std::size_t>(signo)].kind;
  switch (kind) {
    case SignalRule::Kind::shutdown: return true;
    case SignalRule::Kind::forward: return asks_for_end(signo);
    case SignalRule::Kind::ignore: return false;
  }
  return false;
}

}  // namespace

Duration share_of(Duration grace, Duration path, Duration remaining) {
  if (path <= remaining) return grace;
  if (remaining <= Duration::zero()) return Duration::zero();
  __extension__ using Wide = __int128;
  return Duration(static_cast<Duration::rep>(static_cast<Wide>(grace.count()) * remaining.count() /
                                             path.count()));
}

SimWorld::SimWorld(const Plan& told, const Plan& truth, Mutant mutant)
    : plan_(&truth), core_(told, mutant), services_(truth.size()), timers_(truth.size() + 1) {}

void SimWorld::happen(const Event& event, Commands& out) {
  out.clear();
  befall(event);
  core_.handle(event, now_, out);
  for (const Command& command : out) carry_out(command);
  record_step(event);
}

bool SimWorld::leaving(ServiceId id) const {
  return core().stage() != Orchestrator::Stage::supervising || !core().wanted(id) ||
         core().restarting(id);
}

void SimWorld::pass_time_until(Time time) { now_ = std::max(now_, time); }

bool SimWorld::anything_left() const {
  return std::ranges::any_of(services_, [](const Reality& service) {
    return service.main != Reality::Main::none || service.members || service.left_behind;
  });
}

void SimWorld::befall(const Event& event) {
  std::visit(Overloaded{
                 [](const Booted&) {},
                 [](const StartRequested&) {},
                 [](const StopRequested&) {},
                 [&](const RestartRequested& e) { mark_followers(e.service); },
                 [&](const Spawned& e) {
                   at(e.service).main = Reality::Main::alive;
                   at(e.service).launched = true;
                   ran_ = true;
                   at(e.service).running_since = now_;
                 },
                 [&](const SpawnFailed& e) {
                   at(e.service).main = Reality::Main::none;
                   if (e.fault == SpawnFault::service) at(e.service).status = Exited{e.code};
                   if (e.fault == SpawnFault::system && leaving(e.service)) {
                     forget_runs(at(e.service));
                   }
                 },
                 [&](const ProcessEnded& e) {
                   at(e.service).main = Reality::Main::none;
                   at(e.service).members = e.group == GroupState::populated;
                   at(e.service).status = e.status;
                 },
                 [&](const GroupEmptied& e) {
                   at(e.service).members = false;
                   at(e.service).watched = false;
                 },
                 [&](const TimerFired& e) {
                   Timer& timer = timers_[e.token.owner];
                   if (timer.serial == e.token.serial) timer.serial = 0;
                 },
                 [](const SignalReceived&) {},
                 [&](const AllReaped&) {
                   for (Reality& service : services_) {
                     service.members = service.left_behind = service.watched = false;
                   }
                 },
             },
             event);
}

void SimWorld::mark_followers(ServiceId restarted) {
  at(restarted).to_restart = true;
  for (const Edge& edge : plan_->dependents(restarted)) {
    const Reality& follower = at(edge.service);
    const bool follows = edge.restart && follower.main != Reality::Main::none;
    if (follows && core().wanted(edge.service)) mark_followers(edge.service);
  }
}

void SimWorld::carry_out(const Command& command) {
  std::visit(Overloaded{
                 [&](const Spawn& c) {
                   Reality& service = at(c.service);
                   service.left_behind = service.left_behind || service.members;
                   service.members = service.watched = false;
                   service.heard_stop = service.heard_kill = service.members_killed = false;
                   service.to_restart = false;
                   service.main = Reality::Main::asked;
                   service.generation = c.generation;
                 },
                 [&](const Signal& c) { send(c); },
                 [&](const WatchGroup& c) { at(c.service).watched = true; },
                 [&](const ArmTimer& c) {
                   timers_[c.token.owner] = {c.token.serial, c.token.serial, later(now_, c.delay)};
                 },
                 [&](const CancelTimer& c) {
                   Timer& timer = timers_[c.token.owner];
                   if (timer.serial == c.token.serial) timer.serial = 0;
                 },
                 [&](const AwaitRest&) { rest_awaited_ = true; },
                 [&](const SignalRest& c) {
                   rest_awaited_ = true;
                   rest_signal_ = c.signo;
                   if (c.signo != kSigKill) return;
                   for (Reality& service : services_) {
                     service.heard_kill = service.members_killed = true;
                   }
                 },
                 [&](const Announce& c) {
                   if (c.fact == Fact::hurried || c.fact == Fact::deadline_passed) hurried_ = true;
                   if (c.fact == Fact::sweep_abandoned) abandoned_ = true;
                   if (c.fact == Fact::stopped) forget_runs(at(c.service));
                   if (c.fact == Fact::restarting)
                     count_restart(at(c.service), c.attempt, c.delay, now_);
                 },
                 [&](const Finish& c) { exit_code_ = c.code; },
             },
             command);
}

void SimWorld::send(const Signal& signal) {
  Reality& service = at(signal.service);
  if (service.generation != signal.generation) return;
  if (signal.signo == (*plan_)[signal.service].stop.signal) service.heard_stop = true;
  if (signal.signo != kSigKill) return;
  service.heard_kill = true;
  if (signal.scope == SignalScope::group) service.members_killed = true;
}

void SimWorld::record_step(const Event& event) {
  const bool begins = !shutdown_since_ && core().cause().has_value();
  if (begins) shutdown_since_ = now_;
  const auto* signal = std::get_if<SignalReceived>(&event);
  if (signal != nullptr && asks(*plan_, signal->signo)) asked_ = true;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    Reality& service = services_[i];
    const Phase was = service.phase;
    const Phase is = core().service(id).phase();
    service.phase = is;
    const bool entered = was != is;

    if (is == Phase::stopped) service.to_restart = false;
    const bool grace_begins =
        entered && (is == Phase::stopping || (is == Phase::draining && was == Phase::running));
    const bool grace_runs = is == Phase::stopping || is == Phase::draining;
    if (grace_begins) service.kill_allowed = later(now_, (*plan_)[id].stop.grace);
    if (shutdown_since_ && (grace_begins || (begins && grace_runs))) {
      const Duration remaining =
          deadlines_from(*shutdown_since_, plan_->stop_budget()).graces - now_;
      const Duration share = share_of((*plan_)[id].stop.grace, plan_->stop_path(id), remaining);
      service.kill_allowed = std::min(service.kill_allowed, later(now_, share));
    }
    if (starts_afresh(event, was, is)) {
      forget_runs(service);
    }
    if (begins && entered && is == Phase::failed) failed_then_.push_back(id);
  }
}

}  // namespace pid1::model
