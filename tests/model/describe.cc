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
    case Kind::spawn_works: return "a process was started for";
    case Kind::spawn_refused: return "the system refused a process for";
    case Kind::spawn_broken: return "the program can't be executed of";
    case Kind::exit_well: return "exit 0 of";
    case Kind::exit_badly: return "exit 1 of";
    case Kind::die_of_stop: return "death by the stop signal of";
    case Kind::die_of_kill: return "death by SIGKILL of";
    case Kind::group_empties: return "the last of the group is gone of";
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
  return owner < plan.size() ? plan.services()[owner].name : "the container";
}

std::string_view text_of(Fact fact) {
  switch (fact) {
    case Fact::started: return "started";
    case Fact::spawn_deferred: return "spawn deferred";
    case Fact::spawn_failed: return "spawn failed";
    case Fact::ended: return "ended";
    case Fact::completed: return "completed";
    case Fact::restarting: return "restarting";
    case Fact::gave_up: return "gave up";
    case Fact::failed: return "failed";
    case Fact::dependency_failed: return "dependency failed";
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
    case Kind::group_empties:
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
                   if (c.other != kNoService) text << " because of" << name(c.other);
                   text << ')';
                 },
                 [&](const Finish& c) { text << "finish with " << c.code; },
             },
             command);
  return text.str();
}

std::string describe(const Plan& plan) {
  std::ostringstream text;
  for (const ServiceSpec& spec : plan.services()) {
    text << spec.name << ": restart " << text_of(spec.restart.condition) << " ("
         << spec.restart.max_attempts << "), on_success " << text_of(spec.on_success)
         << ", on_failure " << text_of(spec.on_failure) << ", kill_mode "
         << text_of(spec.stop.kill_mode);
    for (const Dependency& dependency : spec.depends_on) {
      text << "\n  depends on " << dependency.service
           << (dependency.condition == Condition::started ? ", started" : ", completed")
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
