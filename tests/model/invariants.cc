#include "tests/model/invariants.h"

#include <algorithm>

#include "tests/model/hook_rules.h"
#include "tests/model/life.h"
#include "tests/model/policy.h"
#include "tests/model/rest.h"
#include "tests/model/state_key.h"

namespace pid1::model {

namespace {

constexpr int kSigKill = 9;
constexpr int kSigCont = 18;

using Found = std::optional<Violation>;

template <typename T>
const T* event_for(const Step& step, ServiceId id) {
  const T* event = std::get_if<T>(&step.event);
  return event != nullptr && event->service == id ? event : nullptr;
}

// Once the event has happened, and before the core has answered it.
bool main_lives(const Step& step, ServiceId id) {
  if (event_for<Spawned>(step, id) != nullptr) return true;
  if (event_for<ProcessEnded>(step, id) != nullptr) return false;
  return step.before.reality(id).main == Presence::Main::alive;
}

bool main_awaited(const Step& step, ServiceId id) {
  const bool answered =
      event_for<Spawned>(step, id) != nullptr || event_for<SpawnFailed>(step, id) != nullptr;
  return step.before.reality(id).main == Presence::Main::asked && !answered;
}

bool members_live(const Step& step, ServiceId id) {
  if (const auto* ended = event_for<ProcessEnded>(step, id)) {
    return ended->group == GroupState::populated;
  }
  return step.before.reality(id).members && event_for<GroupEmptied>(step, id) == nullptr;
}

// Whether nobody waits for it any more: a timer that isn't armed, a hook or a probe of earlier.
bool is_stale(const Step& step) {
  if (const auto* fired = std::get_if<TimerFired>(&step.event)) {
    return fired->token.serial != step.before.timer(fired->token.owner).serial;
  }
  if (const auto* ended = std::get_if<HookEnded>(&step.event)) {
    return !is_hook_awaited(step.before, ended->service, ended->run);
  }
  if (const auto* probed = std::get_if<Probed>(&step.event)) {
    const Presence& service = step.before.reality(probed->service);
    return !service.probe_lives || probed->run != service.probe;
  }
  return false;
}

const std::string& name(const Step& step, ServiceId id) { return step.after.plan()[id].name; }

Found check_stale(const Step& step) {
  if (!is_stale(step)) return std::nullopt;
  static thread_local std::vector<std::uint8_t> before;
  static thread_local std::vector<std::uint8_t> after;
  encode_core(step.before, before);
  encode_core(step.after, after);
  if (step.commands.empty() && before == after) return std::nullopt;
  return Violation{Invariant::cancelled_is_silent, "what nobody waited for had an effect"};
}

Found check_spawn(const Step& step, const Spawn& spawn) {
  const ServiceId id = spawn.service;
  const std::string& who = name(step, id);
  if (main_lives(step, id) || main_awaited(step, id)) {
    return Violation{Invariant::one_incarnation, who + " was spawned while its process lives"};
  }
  const bool waited_long_enough =
      step.before.phase(id) == Phase::draining && timer_fired(step, index(id));
  if (members_live(step, id) && step.after.plan()[id].stop.kill_mode != KillMode::process &&
      !waited_long_enough && step.before.phase(id) == Phase::draining) {
    return Violation{Invariant::one_incarnation, who + " was spawned while its group lives"};
  }
  if (spawn.generation <= step.before.reality(id).generation) {
    return Violation{Invariant::one_incarnation,
                     who + " was spawned with a generation used before"};
  }
  if (step.after.shutdown_since()) {
    return Violation{Invariant::shutdown_finishes, who + " was spawned during the shutdown"};
  }
  if (!may_spawn(step.after, id, step.before.phase(id))) {
    return Violation{Invariant::starts_in_order,
                     who + " was spawned before its dependencies allow"};
  }
  return std::nullopt;
}

Found check_spawn_hooks(const Step& step, ServiceId id) {
  if (step.after.past(id).prepared == step.after.plan()[id].hooks.pre_start.size()) {
    return std::nullopt;
  }
  return Violation{Invariant::hooks_in_order,
                   name(step, id) + " was spawned before its pre_start hooks were through"};
}

bool is_forwarded(const Step& step) {
  const auto* signal = std::get_if<SignalReceived>(&step.event);
  const bool begins_shutdown = !step.before.shutdown_since() && step.after.shutdown_since();
  if (signal == nullptr || begins_shutdown) return false;
  const auto& rules = step.after.plan().container().signals;
  return rules[static_cast<std::size_t>(signal->signo)].kind == SignalRule::Kind::forward;
}

Found check_kill(const Step& step, const Signal& signal) {
  const ServiceId id = signal.service;
  const bool everything = step.after.hurried();
  const bool group_alone = !main_lives(step, id) && signal.scope == SignalScope::group;
  const bool mode_says_now =
      step.after.plan()[id].stop.kill_mode == KillMode::mixed || step.before.reality(id).heard_kill;
  if (everything || (group_alone && mode_says_now)) return std::nullopt;
  if (main_lives(step, id) && !step.before.reality(id).heard_stop) {
    return Violation{Invariant::grace_is_kept,
                     name(step, id) + " got SIGKILL without its stop signal"};
  }
  const Time due = step.before.timer(index(id)).due;
  const bool in_time = timer_fired(step, index(id)) && due >= step.before.past(id).kill_allowed;
  if (in_time) return std::nullopt;
  return Violation{Invariant::grace_is_kept, name(step, id) + " got SIGKILL too early"};
}

// Whether `other`, which depends on `id` along `edge`, had to be gone before `id` was stopped.
bool goes_first(const Step& step, ServiceId id, const Edge& edge) {
  if (step.after.shutdown_since()) return true;
  if (!step.after.core().wanted(id) || step.after.core().doomed_by(id)) return edge.required;
  return edge.restart && step.before.past(id).to_restart;
}

// A dependent that isn't there itself still stands for those that depend on it.
bool stands(const Step& step, ServiceId id) {
  if (main_lives(step, id) || main_awaited(step, id)) return true;
  if (step.before.core().service(id).has_process() && step.after.core().service(id).has_process()) {
    return true;
  }
  if (!step.after.shutdown_since()) return false;
  return std::ranges::any_of(step.after.plan().dependents(id),
                             [&](const Edge& edge) { return stands(step, edge.service); });
}

bool is_condemned(const Step& step, ServiceId id) {
  return step.before.past(id).verdict == Verdict::none &&
         step.after.past(id).verdict != Verdict::none;
}

// Whether pid1 set out to end it in this step, hurried or not.
bool begins_stop(const Step& step, ServiceId id) {
  const Phase was = step.before.phase(id);
  const Phase is = step.after.phase(id);
  return was == Phase::running && (is == Phase::quiescing || is == Phase::stopping);
}

// One that isn't condemned stops because somebody wants it to, and after its dependents.
Found check_stop(const Step& step, ServiceId id) {
  if (!begins_stop(step, id) || is_condemned(step, id)) return std::nullopt;
  if (!step.after.leaving(id)) {
    return Violation{Invariant::policy_decides, name(step, id) + " was stopped for no reason"};
  }
  for (const Edge& edge : step.after.plan().dependents(id)) {
    if (goes_first(step, id, edge) && stands(step, edge.service) && !step.after.hurried()) {
      return Violation{Invariant::dependents_first, name(step, id) + " was stopped while " +
                                                        name(step, edge.service) +
                                                        ", which depends on it, runs"};
    }
  }
  return std::nullopt;
}

bool is_continued(const Step& step, const Signal& stop) {
  return std::ranges::any_of(step.commands, [&](const Command& command) {
    const auto* signal = std::get_if<Signal>(&command);
    return signal != nullptr && signal->service == stop.service && signal->signo == kSigCont &&
           signal->scope == stop.scope;
  });
}

Found check_signal(const Step& step, const Signal& signal) {
  const ServiceId id = signal.service;
  const bool reaches_group = signal.scope == SignalScope::group && members_live(step, id);
  const bool current = signal.generation == step.before.reality(id).generation;
  if (!current || !(main_lives(step, id) || reaches_group)) {
    return Violation{Invariant::one_incarnation,
                     name(step, id) + " got a signal after it was reaped"};
  }
  if (is_forwarded(step)) return std::nullopt;
  if (signal.signo == kSigKill) return check_kill(step, signal);
  const bool begins =
      step.before.phase(id) != step.after.phase(id) && step.after.phase(id) == Phase::stopping;
  if (!begins || signal.signo == kSigCont || is_continued(step, signal)) return std::nullopt;
  return Violation{Invariant::always_moving, name(step, id) + " is stopped, but not continued"};
}

Found check_finish(const Step& step, const Finish& finish) {
  if (!std::holds_alternative<Finish>(step.commands.back())) {
    return Violation{Invariant::shutdown_finishes, "something follows Finish"};
  }
  if (!policy_allows_code(step.after, finish.code)) {
    return Violation{Invariant::shutdown_finishes,
                     "exit code " + std::to_string(finish.code) + " isn't what the policy says"};
  }
  return std::nullopt;
}

Found check_command(const Step& step, const Command& command) {
  if (const auto* spawn = std::get_if<Spawn>(&command)) {
    const auto found = check_spawn(step, *spawn);
    return found ? found : check_spawn_hooks(step, spawn->service);
  }
  if (const auto* signal = std::get_if<Signal>(&command)) return check_signal(step, *signal);
  if (const auto* finish = std::get_if<Finish>(&command)) return check_finish(step, *finish);
  return std::nullopt;
}

// The other side of the grace period: nobody has more of it than the shutdown leaves.
Found check_grace(const SimWorld& world, ServiceId id) {
  const Presence& service = world.reality(id);
  const Past& past = world.past(id);
  const std::string& who = world.plan()[id].name;
  const Timer& timer = world.timer(index(id));
  const bool grace_runs = past.phase == Phase::stopping || past.phase == Phase::cancelling ||
                          past.phase == Phase::cleaning ||
                          (past.phase == Phase::draining && !service.members_killed);
  const bool hooks_take = past.phase == Phase::quiescing;
  const Time allowed = hooks_take ? past.hooks_allowed : past.kill_allowed;
  const bool too_long =
      timer.serial != 0 && (grace_runs || hooks_take) && timer.due > std::max(allowed, world.now());
  if (too_long) {
    return Violation{Invariant::grace_is_kept, who + " has more than its share of the time"};
  }
  const bool main_spared = service.main == Presence::Main::alive && !service.heard_kill;
  const bool hook_spared = service.hook_lives && !service.hook_heard_kill;
  if (world.hurried() && (main_spared || hook_spared)) {
    return Violation{Invariant::shutdown_finishes, who + " is spared while everything is killed"};
  }
  return std::nullopt;
}

Found check_state(const SimWorld& world) {
  if (world.core().stage() == Orchestrator::Stage::finished) return std::nullopt;
  for (std::size_t i = 0; i < world.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    const std::string& who = world.plan()[id].name;
    if (!moves(world, id)) {
      return Violation{Invariant::always_moving,
                       who + " is " + std::string(name_of(world.phase(id))) +
                           " without the process or the timer that belongs to it"};
    }
    if (auto found = check_grace(world, id)) return found;
    if (auto why = wedged(world, id)) return Violation{Invariant::never_wedged, who + *why};
  }
  if (auto what = miscounted(world.core())) return Violation{Invariant::counts_agree, *what};
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Invariant invariant) {
  switch (invariant) {
    case Invariant::one_incarnation: return "1: one incarnation";
    case Invariant::always_moving: return "2: always moving";
    case Invariant::cancelled_is_silent: return "3: a cancelled timer is silent";
    case Invariant::dependents_first: return "4: dependents first";
    case Invariant::grace_is_kept: return "5: the grace period is kept";
    case Invariant::shutdown_finishes: return "6: every shutdown finishes";
    case Invariant::all_reaped: return "7: all reaped";
    case Invariant::starts_in_order: return "starts in order";
    case Invariant::never_wedged: return "never wedged";
    case Invariant::policy_decides: return "the policy decides";
    case Invariant::hooks_in_order: return "hooks in order";
    case Invariant::counts_agree: return "counts agree";
  }
  return "";
}

bool timer_fired(const Step& step, std::size_t owner) {
  const auto* fired = std::get_if<TimerFired>(&step.event);
  return fired != nullptr && fired->token.owner == owner &&
         fired->token.serial == step.before.timer(owner).serial;
}

std::optional<Violation> find_violation(const Step& step) {
  if (auto found = check_stale(step)) return found;
  for (const Command& command : step.commands) {
    if (auto found = check_command(step, command)) return found;
  }
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    if (auto found = check_stop(step, ServiceId{static_cast<std::uint32_t>(i)})) return found;
  }
  if (auto found = find_life_violation(step)) return found;
  if (auto what = policy_broken(step)) return Violation{Invariant::policy_decides, *what};
  if (auto found = find_rest_violation(step)) return found;
  return check_state(step.after);
}

}  // namespace pid1::model
