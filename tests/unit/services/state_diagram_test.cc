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

// From one phase to another, and what did it.
using Edges = std::map<std::pair<Phase, Phase>, std::set<std::string>>;

ServiceSpec spec_of(KillMode kill_mode, RestartCondition restart, EndAction on_end,
                    Duration delay) {
  ServiceSpec spec;
  spec.name = "service";
  spec.stop.kill_mode = kill_mode;
  spec.restart.condition = restart;
  spec.restart.max_attempts = 1;
  spec.restart.delay = delay;
  spec.on_success = spec.on_failure = on_end;
  return spec;
}

class Walk {
 public:
  Walk(const ServiceSpec& spec, Edges& edges)
      : edges_(edges), alone_(spec.stop.kill_mode == KillMode::process) {
    visit(Lifecycle(kService, spec, 0));
  }

 private:
  using Outcome = Lifecycle::Outcome;

  void visit(const Lifecycle& life) {
    const auto key = std::tuple(life.phase(), life.group_killed(), life.armed_serial() != 0,
                                life.history().restarts().size(), code_of(life));
    if (!seen_.insert(key).second) return;
    call_verbs(life);
    tell_facts(life);
  }

  static int code_of(const Lifecycle& life) {
    return life.last_status() ? exit_code(*life.last_status()) : -1;
  }

  // The verbs that the Orchestrator may call in this phase, as lifecycle.h has it.
  void call_verbs(const Lifecycle& life) {
    const Phase phase = life.phase();
    if (life.settled()) {
      call(life, "asked for", [](Lifecycle& l, Commands&) { l.request(); });
    }
    if (phase == Phase::waiting) {
      call(life, "dependencies allow it", [](Lifecycle& l, Commands& out) { l.spawn(out); });
      call(life, "a dependency failed",
           [](Lifecycle& l, Commands& out) { l.fail_with(ServiceId{1}, Exited{1}, out); });
    }
    if (phase == Phase::waiting || phase == Phase::backoff) {
      call(life, "asked to stop", [](Lifecycle& l, Commands& out) { l.drop(out); });
    }
    if (phase == Phase::running) {
      call(life, "asked to stop, dependents gone",
           [](Lifecycle& l, Commands& out) { l.stop(kGrace, kNow, out); });
    }
    if (life.has_process() && phase != Phase::spawning) {
      call(life, "everything is killed", [](Lifecycle& l, Commands& out) { l.kill(out); });
    }
  }

  void tell_facts(const Lifecycle& life) {
    const Generation generation = life.generation();
    tell(life, "exec succeeded",
         [=](Lifecycle& l, Commands& out) { return l.spawned(generation, kNow, out); });
    tell(life, "no resources", [=](Lifecycle& l, Commands& out) {
      return l.spawn_failed({kService, generation, SpawnFault::system}, out);
    });
    tell(life, "start failed", [=](Lifecycle& l, Commands& out) {
      return l.spawn_failed({kService, generation, SpawnFault::service, 127}, out);
    });
    for (const int code : {0, 1}) {
      tell(life, "process ended", [=](Lifecycle& l, Commands& out) {
        return l.process_ended({kService, generation, Exited{code}}, kGrace, kNow, out);
      });
      if (alone_) continue;
      tell(life, "process ended, its group did not", [=](Lifecycle& l, Commands& out) {
        const ProcessEnded ended{kService, generation, Exited{code}, GroupState::populated};
        return l.process_ended(ended, kGrace, kNow, out);
      });
    }
    tell(life, "group empty",
         [=](Lifecycle& l, Commands& out) { return l.group_emptied(generation, out); });
    tell(life, "time is up",
         [=](Lifecycle& l, Commands& out) { return l.timer_fired(l.armed_serial(), out); });
  }

  template <typename Verb>
  void call(Lifecycle life, const std::string& label, Verb verb) {
    const Phase from = life.phase();
    verb(life, commands_);
    reach(from, label, life);
  }

  template <typename Fact>
  void tell(Lifecycle life, const std::string& label, Fact fact) {
    const Phase from = life.phase();
    switch (fact(life, commands_)) {
      case Outcome::nothing:
      case Outcome::launched: reach(from, label, life); return;
      case Outcome::retry:
        life.spawn(commands_);
        reach(from, label, life);
        return;
      case Outcome::gone: resolve(from, label, life); return;
    }
  }

  // Somebody wants the service down, or nobody does: after a stop signal somebody did.
  void resolve(Phase from, const std::string& label, const Lifecycle& gone) {
    Lifecycle unwanted = gone;
    unwanted.stopped(commands_);
    reach(from, label, unwanted);
    if (from == Phase::stopping || from == Phase::killing) return;
    Lifecycle wanted = gone;
    if (wanted.resolve_end(kNow, commands_) == Lifecycle::Resolution::respawn) {
      wanted.spawn(commands_);
    }
    reach(from, label, wanted);
  }

  void reach(Phase from, const std::string& label, const Lifecycle& life) {
    if (life.phase() != from) edges_[{from, life.phase()}].insert(label);
    visit(life);
  }

  Edges& edges_;
  bool alone_;  // its group isn't looked after
  Commands commands_;
  std::set<std::tuple<Phase, bool, bool, std::size_t, int>> seen_;
};

std::string diagram() {
  Edges edges;
  for (const auto kill_mode : {KillMode::process, KillMode::mixed, KillMode::group}) {
    for (const auto restart : {RestartCondition::never, RestartCondition::always}) {
      for (const auto on_end : {EndAction::ignore, EndAction::restart}) {
        for (const Duration delay : {Duration(0), Duration(1)}) {
          Walk(spec_of(kill_mode, restart, on_end, delay), edges);
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
