#include "services/simulation/world.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1 {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigAbort = 6;
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

World::World(const Plan& plan)
    : plan_(&plan), services_(plan.size()), timers_(timer_owners(plan)) {}

void World::pass_time_until(Time time) { now_ = std::max(now_, time); }

bool World::anything_left() const {
  return std::ranges::any_of(services_, [](const Presence& service) {
    return service.main != Presence::Main::none || service.members || service.left_behind ||
           service.hook_lives || service.probe_lives;
  });
}

void World::befall(const Event& event) {
  std::visit(Overloaded{
                 [](const Booted&) {},
                 [](const StartRequested&) {},
                 [](const StopRequested&) {},
                 [](const RestartRequested&) {},
                 [](const ReloadRequested&) {},
                 [&](const Spawned& e) {
                   at(e.service).main = Presence::Main::alive;
                   at(e.service).running_since = now_;
                 },
                 [&](const SpawnFailed& e) { at(e.service).main = Presence::Main::none; },
                 [&](const Ready& e) {
                   Presence& service = at(e.service);
                   if (e.generation == service.generation) service.said_ready = true;
                 },
                 [](const WatchdogPinged&) {},
                 [](const WatchdogTriggered&) {},
                 [](const WatchdogChanged&) {},
                 [](const TimeoutExtended&) {},
                 [&](const ProcessEnded& e) {
                   at(e.service).main = Presence::Main::none;
                   at(e.service).members = e.group == GroupState::populated;
                 },
                 [&](const GroupEmptied& e) {
                   at(e.service).members = false;
                   at(e.service).watched = false;
                 },
                 [&](const HookEnded& e) {
                   if (e.run == at(e.service).hook) at(e.service).hook_lives = false;
                 },
                 [&](const Probed& e) {
                   if (e.run == at(e.service).probe) at(e.service).probe_lives = false;
                 },
                 [&](const TimerFired& e) { disarm(e.token); },
                 [](const SignalReceived&) {},
                 [&](const AllReaped&) {
                   for (Presence& service : services_) {
                     service.members = service.left_behind = service.watched = false;
                     service.hook_lives = service.probe_lives = false;
                   }
                 },
             },
             event);
}

void World::carry_out(const Commands& commands) {
  for (const Command& command : commands) carry_out(command);
}

void World::carry_out(const Command& command) {
  std::visit(Overloaded{
                 [&](const Spawn& c) {
                   Presence& service = at(c.service);
                   service.left_behind = service.left_behind || service.members;
                   service.members = service.watched = service.said_ready = false;
                   service.heard_stop = service.heard_kill = service.members_killed = false;
                   service.main = Presence::Main::asked;
                   service.generation = c.generation;
                 },
                 [&](const Signal& c) { send(c); },
                 [&](const WatchGroup& c) { at(c.service).watched = true; },
                 [&](const RunHook& c) {
                   Presence& service = at(c.service);
                   service.hook = c.run;
                   service.hook_point = c.point;
                   service.hook_index = static_cast<std::uint32_t>(c.index);
                   service.hook_lives = true;
                   service.hook_heard_stop = service.hook_heard_kill = false;
                   service.hook_since = now_;
                 },
                 [&](const SignalHook& c) { send(c); },
                 [&](const Probe& c) {
                   at(c.service).probe = c.run;
                   at(c.service).probe_lives = true;
                   at(c.service).probe_since = now_;
                 },
                 [&](const StopProbe& c) { at(c.service).probe_lives = false; },
                 [](const ReloadService&) {},
                 [&](const ArmTimer& c) {
                   timers_[c.token.owner] = {c.token.serial, c.token.serial, later(now_, c.delay)};
                 },
                 [&](const CancelTimer& c) { disarm(c.token); },
                 [&](const AwaitRest&) { rest_awaited_ = true; },
                 [&](const SignalRest& c) {
                   rest_awaited_ = true;
                   rest_signal_ = c.signo;
                   if (c.signo != kSigKill) return;
                   for (Presence& service : services_) {
                     service.heard_kill = service.members_killed = service.hook_heard_kill = true;
                   }
                 },
                 [](const Announce&) {},
                 [&](const Finish& c) { exit_code_ = c.code; },
             },
             command);
}

// One that fell silent gets SIGABRT for its stop signal.
void World::send(const Signal& signal) {
  Presence& service = at(signal.service);
  if (service.generation != signal.generation) return;
  const int stop = (*plan_)[signal.service].stop.signal;
  const bool stops = signal.signo == stop || signal.signo == kSigAbort;
  if (stops && !service.heard_stop) service.stop_heard = now_;
  if (stops) service.heard_stop = true;
  if (signal.signo != kSigKill) return;
  service.heard_kill = true;
  if (signal.scope == SignalScope::group) service.members_killed = true;
}

void World::send(const SignalHook& signal) {
  Presence& service = at(signal.service);
  if (service.hook != signal.run) return;
  if (signal.signo == kSigTerm) service.hook_heard_stop = true;
  if (signal.signo == kSigKill) service.hook_heard_kill = true;
}

void World::disarm(TimerToken token) {
  Timer& timer = timers_[token.owner];
  if (timer.serial == token.serial) timer.serial = 0;
}

}  // namespace pid1
