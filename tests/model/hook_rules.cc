#include "tests/model/hook_rules.h"

#include <algorithm>

#include "tests/model/policy.h"

namespace pid1::model {

namespace {

constexpr int kSigKill = 9;

using Found = std::optional<Violation>;
using Main = Presence::Main;

Violation out_of_order(const Step& step, ServiceId id, const std::string& what) {
  return {Invariant::hooks_in_order, step.after.plan()[id].name + what};
}

// The hook before, of the same point, has ended in this step or earlier, as it should have.
bool follows_on(const Step& step, const RunHook& hook) {
  const Presence& before = step.before.reality(hook.service);
  if (hook.index == 0) return true;
  const auto* ended = std::get_if<HookEnded>(&step.event);
  const bool just_now = ended != nullptr && ended->service == hook.service &&
                        ended->run == before.hook && before.hook_lives;
  if (!just_now || before.hook_point != hook.point || before.hook_index + 1 != hook.index) {
    return false;
  }
  const bool must_succeed =
      hook.point == HookPoint::pre_start || hook.point == HookPoint::post_start;
  return !must_succeed || exit_code(ended->status) == 0;
}

bool is_the_time_for(const Step& step, const RunHook& hook) {
  const Presence& after = step.after.reality(hook.service);
  const Phase is = step.after.phase(hook.service);
  switch (hook.point) {
    case HookPoint::pre_start: return after.main == Main::none && is == Phase::preparing;
    case HookPoint::post_start:  // one that is to stop may be told so at once
      return after.main == Main::alive && (is == Phase::running || is == Phase::quiescing);
    case HookPoint::pre_stop:
      return after.main == Main::alive && is == Phase::quiescing && !after.heard_stop;
    case HookPoint::post_stop: return after.main == Main::none && is == Phase::cleaning;
  }
  return false;
}

Found check_run(const Step& step, const RunHook& hook) {
  const ServiceId id = hook.service;
  const Presence& before = step.before.reality(id);
  const auto* ended = std::get_if<HookEnded>(&step.event);
  const bool ended_now = ended != nullptr && ended->service == id && ended->run == before.hook;
  const auto signals_kill = [&](const Command& command) {
    const auto* signal = std::get_if<SignalHook>(&command);
    return signal != nullptr && signal->run == before.hook && signal->signo == kSigKill;
  };
  const bool killed = before.hook_heard_kill || std::ranges::any_of(step.commands, signals_kill);
  if (before.hook_lives && !ended_now && !killed) {
    return out_of_order(step, id, " has two hooks at a time");
  }
  if (hook.run <= before.hook) return out_of_order(step, id, " has a hook with a run used before");
  if (step.after.hurried()) return out_of_order(step, id, " begins a hook when all is killed");
  if (!follows_on(step, hook)) return out_of_order(step, id, " skips or repeats a hook");
  if (!is_the_time_for(step, hook)) return out_of_order(step, id, " has a hook at a wrong time");
  const bool starts = hook.point == HookPoint::pre_start;
  if (starts && step.after.shutdown_since()) {
    return out_of_order(step, id, " prepares a start during the shutdown");
  }
  if (starts && hook.index == 0 && !may_spawn(step.after, id, step.before.phase(id))) {
    return Violation{Invariant::starts_in_order,
                     step.after.plan()[id].name + " prepares a start before it may"};
  }
  return std::nullopt;
}

// In its own time, when it is to be killed before; at once, where all is killed, its main process
// has ended, or shows no life.
bool may_kill_hook(const Step& step, ServiceId id) {
  const Past& before = step.before.past(id);
  if (step.after.hurried()) return true;
  if (step.after.past(id).verdict == Verdict::silent) return true;
  if (const auto* ended = std::get_if<ProcessEnded>(&step.event)) {
    if (ended->service == id && before.phase == Phase::running) return true;
  }
  if (!timer_fired(step, index(id))) return false;
  const Time due = step.before.timer(index(id)).due;
  return due >= (before.phase == Phase::quiescing ? before.hooks_allowed : before.kill_allowed);
}

// One that was started in this step may be told to end in it.
Found check_hook_signal(const Step& step, const SignalHook& signal) {
  const ServiceId id = signal.service;
  const Presence& before = step.before.reality(id);
  const auto* ended = std::get_if<HookEnded>(&step.event);
  const bool ended_now = ended != nullptr && ended->service == id && ended->run == signal.run;
  const bool lived = before.hook_lives && before.hook == signal.run && !ended_now;
  const bool is_new = signal.run > before.hook && signal.run == step.after.reality(id).hook;
  if (!lived && !is_new) {
    return Violation{Invariant::one_incarnation,
                     step.after.plan()[id].name + " had a hook signalled after its end"};
  }
  if (signal.signo == kSigKill && !may_kill_hook(step, id)) {
    return Violation{Invariant::grace_is_kept,
                     step.after.plan()[id].name + " had a hook killed too early"};
  }
  return std::nullopt;
}

// Whether the last hook of that point, if there are any, has ended by now.
bool was_last_hook(const Step& step, ServiceId id, HookPoint point) {
  const std::size_t count = step.after.plan()[id].hooks.at(point).size();
  const Presence& before = step.before.reality(id);
  const auto* ended = std::get_if<HookEnded>(&step.event);
  const bool ends = ended != nullptr && ended->service == id && ended->run == before.hook;
  return count == 0 || (before.hook_point == point && before.hook_index + 1 == count &&
                        (ends || !before.hook_lives));
}

bool is_refused(const Step& step, ServiceId id) {
  const auto* failed = std::get_if<SpawnFailed>(&step.event);
  return failed != nullptr && failed->service == id && failed->fault == SpawnFault::system;
}

// Every hook that is due runs: a phase is not left, or skipped, before they all had their turn.
Found check_hooks_skipped(const Step& step, ServiceId id) {
  const Phase was = step.before.phase(id);
  const Phase is = step.after.phase(id);
  const ServiceSpec& spec = step.after.plan()[id];
  const bool in_peace = !step.after.hurried();
  if (was == is || !in_peace) return std::nullopt;
  const bool silent = step.after.past(id).verdict == Verdict::silent;
  const bool stops_without_hooks = was == Phase::running && is == Phase::stopping;
  if (stops_without_hooks && !silent && !spec.hooks.pre_stop.empty()) {
    return out_of_order(step, id, " stops without its pre_stop hooks");
  }
  const bool timed_out = timer_fired(step, index(id));
  const bool stops_now = was == Phase::quiescing && is == Phase::stopping;
  if (stops_now && !timed_out && !was_last_hook(step, id, HookPoint::pre_stop)) {
    return out_of_order(step, id, " stops before its pre_stop hooks are through");
  }
  const bool is_clean = was == Phase::cleaning;
  if (is_clean && !timed_out && !was_last_hook(step, id, HookPoint::post_stop)) {
    return out_of_order(step, id, " goes on before its post_stop hooks are through");
  }
  const bool came_to_nothing =
      was == Phase::preparing || was == Phase::cancelling ||
      (was == Phase::spawning && !(is == Phase::backoff && is_refused(step, id)));
  const bool rests = !step.after.core().service(id).has_process();
  if (came_to_nothing && rests && !spec.hooks.post_stop.empty()) {
    return out_of_order(step, id, " gives up a start without its post_stop hooks");
  }
  const bool main_was = was == Phase::running || was == Phase::quiescing ||
                        was == Phase::stopping || was == Phase::killing || was == Phase::draining;
  const bool main_is = is == Phase::running || is == Phase::quiescing || is == Phase::stopping ||
                       is == Phase::killing || is == Phase::draining || is == Phase::cleaning;
  if (main_was && !main_is && !spec.hooks.post_stop.empty()) {
    return out_of_order(step, id, " goes on without its post_stop hooks");
  }
  return std::nullopt;
}

}  // namespace

bool is_hook_awaited(const SimWorld& world, ServiceId id, HookRun run) {
  const Presence& service = world.reality(id);
  if (!service.hook_lives || run != service.hook) return false;
  if (!service.hook_heard_kill) return true;
  switch (world.phase(id)) {
    case Phase::cancelling: return true;
    case Phase::quiescing:
    case Phase::cleaning: return world.hurried();
    case Phase::stopped:
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::running:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return false;
  }
  return false;
}

std::optional<Violation> find_hook_violation(const Step& step) {
  for (const Command& command : step.commands) {
    Found found;
    if (const auto* hook = std::get_if<RunHook>(&command)) found = check_run(step, *hook);
    if (const auto* signal = std::get_if<SignalHook>(&command)) {
      found = check_hook_signal(step, *signal);
    }
    if (found) return found;
  }
  if (step.after.core().stage() == Orchestrator::Stage::finished) return std::nullopt;
  for (std::uint32_t i = 0; i < step.after.size(); ++i) {
    if (auto found = check_hooks_skipped(step, ServiceId{i})) return found;
  }
  return std::nullopt;
}

}  // namespace pid1::model
