// The diagram in docs/state-diagram.md, made by driving the state machine through all that can
// happen to it.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "services/lifecycle.h"

namespace pid1 {
namespace {

constexpr ServiceId kService{0};
constexpr Time kNow{std::chrono::seconds(100)};
constexpr Duration kGrace = std::chrono::seconds(1);
constexpr Lifecycle::Moment kAt{kNow, kGrace};

// From one phase to another, and what did it.
using Edges = std::map<std::pair<Phase, Phase>, std::set<std::string>>;

ServiceSpec spec_of(KillMode kill_mode, RestartCondition restart, EndAction on_end, Duration delay,
                    std::size_t hooks) {
  ServiceSpec spec;
  spec.name = "service";
  spec.stop.kill_mode = kill_mode;
  spec.restart.condition = restart;
  spec.restart.max_attempts = 1;
  spec.restart.delay = delay;
  spec.on_success = spec.on_failure = on_end;
  spec.hooks.pre_start.resize(hooks);
  spec.hooks.post_start.resize(hooks);
  spec.hooks.pre_stop.resize(hooks);
  spec.hooks.post_stop.resize(hooks);
  return spec;
}

class Walk {
 public:
  Walk(const ServiceSpec& spec, Edges& edges)
      : edges_(edges), alone_(spec.stop.kill_mode == KillMode::process) {
    visit(Lifecycle(kService, spec, 0), {});
  }

 private:
  using Outcome = Lifecycle::Outcome;

  // What a lifecycle keeps to itself, as far as it matters here.
  struct Memory {
    bool hurried = false;
    bool refused = false;  // no resources to start it
    HookPoint hook = HookPoint::pre_start;
    auto operator<=>(const Memory&) const = default;
  };
  using State = std::tuple<Phase, bool, bool, bool, bool, Verdict, std::size_t, int, Memory>;

  void visit(const Lifecycle& life, Memory memory) {
    for (const Command& command : commands_) {
      if (const auto* hook = std::get_if<RunHook>(&command)) memory.hook = hook->point;
    }
    commands_.clear();
    const State state(life.phase(), life.group_killed(), life.armed_serial() != 0,
                      life.hook_awaited() != HookRun{0}, life.signalable(), life.verdict(),
                      life.history().restarts().size(), code_of(life), memory);
    if (!seen_.insert(state).second) return;
    call_verbs(life, memory);
    tell_facts(life, memory);
  }

  static int code_of(const Lifecycle& life) {
    return life.last_status() ? exit_code(*life.last_status()) : -1;
  }

  // The verbs that the Orchestrator may call in this phase, as lifecycle.h has it.
  void call_verbs(const Lifecycle& life, Memory memory) {
    const Phase phase = life.phase();
    if (life.settled()) {
      call(life, memory, "asked for", [](Lifecycle& l, Commands&) { l.request(); });
    }
    if (phase == Phase::waiting) {
      call(life, memory, "dependencies allow it",
           [](Lifecycle& l, Commands& out) { l.spawn(out); });
      call(life, memory, "a dependency failed",
           [](Lifecycle& l, Commands& out) { l.fail_with(ServiceId{1}, Exited{1}, out); });
    }
    if (phase == Phase::waiting || phase == Phase::backoff) {
      call(life, memory, "asked to stop", [](Lifecycle& l, Commands& out) { l.drop(kAt, out); });
    }
    if (phase == Phase::preparing) {
      call(life, memory, "asked to stop", [](Lifecycle& l, Commands& out) { l.stop(kAt, out); });
    }
    if (phase == Phase::running) {
      call(life, memory, "asked to stop, dependents gone",
           [](Lifecycle& l, Commands& out) { l.stop(kAt, out); });
    }
    if (life.has_process() && phase != Phase::spawning) {
      memory.hurried = true;
      call(life, memory, "everything is killed",
           [](Lifecycle& l, Commands& out) { l.kill(kNow, out); });
    }
  }

  void tell_facts(const Lifecycle& life, Memory memory) {
    const Generation generation = life.generation();
    tell(life, memory, "exec succeeded",
         [=](Lifecycle& l, Commands& out) { return l.spawned(generation, kNow, out); });
    Memory refused = memory;
    refused.refused = true;
    tell(life, refused, "no resources", [=](Lifecycle& l, Commands& out) {
      return l.spawn_failed({kService, generation, SpawnFault::system}, kAt, out);
    });
    tell(life, memory, "start failed", [=](Lifecycle& l, Commands& out) {
      return l.spawn_failed({kService, generation, SpawnFault::service, 127}, kAt, out);
    });
    for (const int code : {0, 1}) {
      tell(life, memory, "process ended", [=](Lifecycle& l, Commands& out) {
        return l.process_ended({kService, generation, Exited{code}}, kAt, out);
      });
      if (alone_) continue;
      tell(life, memory, "process ended, its group did not", [=](Lifecycle& l, Commands& out) {
        const ProcessEnded ended{kService, generation, Exited{code}, GroupState::populated};
        return l.process_ended(ended, kAt, out);
      });
    }
    const HookRun hook = life.hook_awaited();
    if (hook != HookRun{0}) {
      tell(life, memory, "hook succeeded", [=](Lifecycle& l, Commands& out) {
        return l.hook_ended({kService, hook, Exited{0}}, kAt, out);
      });
      tell(life, memory, "hook failed", [=](Lifecycle& l, Commands& out) {
        return l.hook_ended({kService, hook, Exited{1}}, kAt, out);
      });
    }
    tell(life, memory, "shows no life",
         [=](Lifecycle& l, Commands&) { return l.fell_silent(generation); });
    tell(life, memory, "group empty",
         [=](Lifecycle& l, Commands& out) { return l.group_emptied(generation, kAt, out); });
    tell(life, memory, "time is up",
         [=](Lifecycle& l, Commands& out) { return l.timer_fired(l.armed_serial(), kAt, out); });
  }

  template <typename Verb>
  void call(Lifecycle life, Memory memory, const std::string& label, Verb verb) {
    const Phase from = life.phase();
    verb(life, commands_);
    reach(from, label, life, memory);
  }

  template <typename Fact>
  void tell(Lifecycle life, Memory memory, const std::string& label, Fact fact) {
    const Phase from = life.phase();
    switch (fact(life, commands_)) {
      case Outcome::nothing:
      case Outcome::changed: reach(from, label, life, memory); return;
      case Outcome::retry:
        life.spawn(commands_);
        reach(from, label, life, memory);
        return;
      case Outcome::condemned:
        life.fail(life.verdict(), kAt, commands_);
        reach(from, label, life, memory);
        return;
      case Outcome::gone: resolve(from, label, life, memory); return;
    }
  }

  // Somebody wants the service down, or nobody does: after a stop signal somebody did, unless it
  // was condemned.
  void resolve(Phase from, const std::string& label, const Lifecycle& gone, Memory memory) {
    memory.refused = false;
    Lifecycle unwanted = gone;
    unwanted.stopped(commands_);
    reach(from, label, unwanted, memory);
    const bool was_stopped = from == Phase::stopping || from == Phase::killing ||
                             from == Phase::quiescing || from == Phase::cancelling;
    if (memory.hurried || (was_stopped && gone.verdict() == Verdict::none)) return;
    Lifecycle wanted = gone;
    if (wanted.resolve_end(kNow, commands_) == Lifecycle::Resolution::respawn) {
      wanted.spawn(commands_);
    }
    reach(from, label, wanted, memory);
  }

  void reach(Phase from, const std::string& label, const Lifecycle& life, Memory memory) {
    if (life.phase() != from) edges_[{from, life.phase()}].insert(label);
    if (memory.hurried && life.settled()) return commands_.clear();  // that was the end
    visit(life, memory);
  }

  Edges& edges_;
  bool alone_;  // its group isn't looked after
  Commands commands_;
  std::set<State> seen_;
};

std::string diagram() {
  Edges edges;
  for (const auto kill_mode : {KillMode::process, KillMode::mixed, KillMode::group}) {
    for (const auto restart : {RestartCondition::never, RestartCondition::always}) {
      for (const auto on_end : {EndAction::ignore, EndAction::restart}) {
        for (const Duration delay : {Duration(0), Duration(1)}) {
          for (const std::size_t hooks : {0, 1}) {
            Walk(spec_of(kill_mode, restart, on_end, delay, hooks), edges);
          }
        }
      }
    }
  }
  std::ostringstream out;
  out << "# A service's phases\n\nMade from the transition function by "
         "tests/unit/services/state_diagram_test.cc, which fails where this\npage differs.\n\n"
         "```mermaid\nstateDiagram-v2\n  [*] --> stopped\n";
  for (const auto& [ends, labels] : edges) {
    std::string text;
    // A semicolon would end the statement.
    for (const std::string& label : labels) text += (text.empty() ? "" : "<br/>") + label;
    out << "  " << name_of(ends.first) << " --> " << name_of(ends.second) << ": " << text << "\n";
  }
  out << "```\n";
  return out.str();
}

TEST(StateDiagram, IsWhatTheTransitionFunctionDoes) {
  std::ifstream file("docs/state-diagram.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(page, diagram()) << "docs/state-diagram.md should be:\n" << diagram();
}

}  // namespace
}  // namespace pid1
