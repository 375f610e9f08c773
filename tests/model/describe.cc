#include <sstream>

#include "tests/model/moves.h"

namespace pid1::model {

namespace {

using Kind = Move::Kind;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

std::string_view text_of(Kind kind) {
  switch (kind) {
    case Kind::boot: return "everything may start";
    case Kind::ask_start: return "someone asks to start";
    case Kind::ask_stop: return "someone asks to stop";
    case Kind::ask_restart: return "someone asks to restart";
    case Kind::ask_reload: return "someone asks to reload";
    case Kind::spawn_works: return "a process was started for";
    case Kind::spawn_refused: return "the system refused a process for";
    case Kind::spawn_broken: return "the program can't be executed of";
    case Kind::exit_well: return "exit 0 of";
    case Kind::exit_badly: return "exit 1 of";
    case Kind::die_of_stop: return "death by the stop signal of";
    case Kind::die_of_kill: return "death by SIGKILL of";
    case Kind::die_of_memory: return "death for want of memory of";
    case Kind::group_empties: return "the last of the group is gone of";
    case Kind::becomes_ready: return "it says that it is ready:";
    case Kind::shows_life: return "a sign of life of";
    case Kind::falls_silent: return "it asks to be taken for one that hangs:";
    case Kind::asks_for_time: return "it asks for more time:";
    case Kind::changes_watchdog: return "it sets its own watchdog:";
    case Kind::hook_succeeds: return "success of a hook of";
    case Kind::hook_fails: return "exit 3 of a hook of";
    case Kind::hook_dies: return "death of a hook of";
    case Kind::late_hook_ends: return "a hook that nobody waits for any more ends of";
    case Kind::probe_succeeds: return "a probe finds healthy:";
    case Kind::probe_fails: return "a probe finds unhealthy:";
    case Kind::probe_is_refused: return "the system refused a probe of";
    case Kind::late_probe_answers: return "a probe that was stopped answers of";
    case Kind::timer_fires: return "the timer fires of";
    case Kind::late_timer_fires: return "a timer that isn't armed any more fires of";
    case Kind::term: return "SIGTERM arrives";
    case Kind::interrupt: return "SIGINT arrives";
    case Kind::hangup: return "SIGHUP arrives";
    case Kind::all_reaped: return "no process is left";
  }
  return "";
}

std::string owner_name(std::size_t owner, const Plan& plan) {
  if (owner < plan.size()) return plan.services()[owner].name;
  if (owner == plan.size()) return "the container";
  return "the check of " + plan[health_timer_service(plan, static_cast<std::uint32_t>(owner))].name;
}

std::string_view text_of(Fact fact) {
  switch (fact) {
    case Fact::started: return "started";
    case Fact::ready: return "ready";
    case Fact::spawn_deferred: return "spawn deferred";
    case Fact::spawn_failed: return "spawn failed";
    case Fact::ended: return "ended";
    case Fact::completed: return "completed";
    case Fact::restarting: return "restarting";
    case Fact::gave_up: return "gave up";
    case Fact::failed: return "failed";
    case Fact::dependency_failed: return "dependency failed";
    case Fact::healthy: return "healthy";
    case Fact::unhealthy: return "unhealthy";
    case Fact::condemned: return "condemned";
    case Fact::hook_failed: return "hook failed";
    case Fact::hook_killed: return "hook killed";
    case Fact::stopping: return "stopping";
    case Fact::killing: return "killing";
    case Fact::killing_group: return "killing its group";
    case Fact::group_left: return "group left";
    case Fact::stopped: return "stopped";
    case Fact::shutdown_begun: return "shutdown begun";
    case Fact::still_waiting: return "still waiting";
    case Fact::hurried: return "hurried";
    case Fact::deadline_passed: return "deadline passed";
    case Fact::lingering: return "lingering";
    case Fact::sweeping: return "sweeping";
    case Fact::sweep_killing: return "sweep killing";
    case Fact::sweep_abandoned: return "sweep abandoned";
  }
  return "";
}

std::string_view text_of(RestartCondition condition) {
  switch (condition) {
    case RestartCondition::never: return "never";
    case RestartCondition::on_failure: return "on-failure";
    case RestartCondition::always: return "always";
  }
  return "";
}

std::string_view text_of(EndAction action) {
  switch (action) {
    case EndAction::ignore: return "ignore";
    case EndAction::restart: return "restart";
    case EndAction::shutdown: return "shutdown";
  }
  return "";
}

std::string_view text_of(KillMode mode) {
  switch (mode) {
    case KillMode::process: return "process";
    case KillMode::mixed: return "mixed";
    case KillMode::group: return "group";
  }
  return "";
}

std::string_view text_of(HookPoint point) {
  switch (point) {
    case HookPoint::pre_start: return "pre_start";
    case HookPoint::post_start: return "post_start";
    case HookPoint::pre_stop: return "pre_stop";
    case HookPoint::post_stop: return "post_stop";
  }
  return "";
}

std::string_view text_of(Condition condition) {
  switch (condition) {
    case Condition::started: return "started";
    case Condition::healthy: return "healthy";
    case Condition::completed: return "completed";
  }
  return "";
}

std::string_view text_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::none: return "";
    case Verdict::not_ready: return "not ready";
    case Verdict::hook_failed: return "hook failed";
    case Verdict::overran: return "overran";
    case Verdict::silent: return "silent";
    case Verdict::unhealthy: return "unhealthy";
  }
  return "";
}

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

std::string describe(const Move& move, const Plan& plan) {
  std::ostringstream text;
  text << text_of(move.kind);
  switch (move.kind) {
    case Kind::boot:
    case Kind::term:
    case Kind::interrupt:
    case Kind::hangup:
    case Kind::all_reaped: break;
    case Kind::ask_start:
    case Kind::ask_stop:
    case Kind::ask_restart:
    case Kind::spawn_works:
    case Kind::spawn_refused:
    case Kind::spawn_broken:
    case Kind::exit_well:
    case Kind::exit_badly:
    case Kind::die_of_stop:
    case Kind::die_of_kill:
    case Kind::die_of_memory:
    case Kind::group_empties:
    case Kind::ask_reload:
    case Kind::becomes_ready:
    case Kind::shows_life:
    case Kind::falls_silent:
    case Kind::asks_for_time:
    case Kind::changes_watchdog:
    case Kind::hook_succeeds:
    case Kind::hook_fails:
    case Kind::hook_dies:
    case Kind::late_hook_ends:
    case Kind::probe_succeeds:
    case Kind::probe_fails:
    case Kind::probe_is_refused:
    case Kind::late_probe_answers:
    case Kind::timer_fires:
    case Kind::late_timer_fires: text << ' ' << owner_name(move.who, plan);
  }
  if (move.after_a_while) text << ", after a while";
  if (move.leaves_members) text << ", others of its group stay";
  return text.str();
}

std::string describe(const Command& command, const Plan& plan) {
  std::ostringstream text;
  const auto name = [&](ServiceId id) {
    return id == kNoService ? std::string() : " " + plan[id].name;
  };
  std::visit(Overloaded{
                 [&](const Spawn& c) {
                   text << "spawn" << name(c.service) << " #"
                        << static_cast<std::uint32_t>(c.generation);
                 },
                 [&](const Signal& c) {
                   text << "signal " << c.signo
                        << (c.scope == SignalScope::group ? " to the group of" : " to")
                        << name(c.service) << " #" << static_cast<std::uint32_t>(c.generation);
                 },
                 [&](const RunHook& c) {
                   text << "run " << text_of(c.point) << " hook " << c.index + 1 << " of"
                        << name(c.service);
                 },
                 [&](const SignalHook& c) {
                   text << "signal " << c.signo << " to the hook of" << name(c.service);
                 },
                 [&](const Probe& c) { text << "probe" << name(c.service); },
                 [&](const StopProbe& c) { text << "stop the probe of" << name(c.service); },
                 [&](const ReloadService& c) { text << "reload" << name(c.service); },
                 [&](const WatchGroup& c) { text << "watch the group of" << name(c.service); },
                 [&](const ArmTimer& c) {
                   text << "arm " << owner_name(c.token.owner, plan) << "'s timer for "
                        << seconds(c.delay) << " s";
                 },
                 [&](const CancelTimer& c) {
                   text << "cancel " << owner_name(c.token.owner, plan) << "'s timer";
                 },
                 [&](const AwaitRest&) { text << "await the rest"; },
                 [&](const SignalRest& c) { text << "signal " << c.signo << " to the rest"; },
                 [&](const Announce& c) {
                   text << '(' << text_of(c.fact) << name(c.service);
                   if (c.verdict != Verdict::none) text << ": " << text_of(c.verdict);
                   if (c.other != kNoService) text << " because of" << name(c.other);
                   text << ')';
                 },
                 [&](const Finish& c) { text << "finish with " << c.code; },
             },
             command);
  return text.str();
}

namespace {

void describe_life(const ServiceSpec& spec, std::ostream& text) {
  for (const auto point :
       {HookPoint::pre_start, HookPoint::post_start, HookPoint::pre_stop, HookPoint::post_stop}) {
    const std::size_t count = spec.hooks.at(point).size();
    if (count > 0) text << ", " << count << ' ' << text_of(point) << " hooks";
  }
  if (spec.readiness.kind != Readiness::Kind::none) text << ", says that it is ready";
  if (spec.readiness.timeout) text << " within " << seconds(*spec.readiness.timeout) << " s";
  if (spec.watchdog) text << ", watchdog " << seconds(*spec.watchdog) << " s";
  if (spec.max_runtime) text << ", max_runtime " << seconds(*spec.max_runtime) << " s";
  if (spec.on_oom) text << ", on_oom " << text_of(*spec.on_oom);
  if (!spec.health) return;
  text << ", check every " << seconds(spec.health->interval) << " s for "
       << seconds(spec.health->timeout) << " s, " << spec.health->retries
       << " retries, start period " << seconds(spec.health->start_period) << " s, on_unhealthy "
       << text_of(spec.on_unhealthy);
}

}  // namespace

std::string describe(const Plan& plan) {
  std::ostringstream text;
  for (const ServiceSpec& spec : plan.services()) {
    text << spec.name << ": restart " << text_of(spec.restart.condition) << " ("
         << spec.restart.max_attempts << "), on_success " << text_of(spec.on_success)
         << ", on_failure " << text_of(spec.on_failure) << ", kill_mode "
         << text_of(spec.stop.kill_mode);
    describe_life(spec, text);
    for (const Dependency& dependency : spec.depends_on) {
      text << "\n  depends on " << dependency.service << ", " << text_of(dependency.condition)
           << (dependency.required ? "" : ", optional") << (dependency.restart ? ", restart" : "");
    }
    text << '\n';
  }
  const ContainerSpec& container = plan.container();
  if (container.exit_code_from) text << "exit_code_from " << *container.exit_code_from << '\n';
  text << "what is left: " << (container.leftovers.awaited ? "awaited, " : "")
       << seconds(container.leftovers.grace) << " s of grace" << (container.stays ? "; stays" : "")
       << (container.must_start ? "; has to start" : "") << '\n';
  return text.str();
}

}  // namespace pid1::model
