// The shutdown's budget is shared out: whatever the graph, the grace periods and the hooks are, and
// however deaf or slow the processes, every service hears its stop signal, and SIGKILL comes from
// us before the budget ends.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/invariants.h"
#include "tests/model/moves.h"

namespace pid1::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

// How long its processes take when they are told to end; none: they end by SIGKILL alone.
struct Pace {
  std::optional<Duration> main;
  std::optional<Duration> hooks;
  bool leaves_members = false;
  Duration asks_for{};  // more time, once it hears its stop signal
};

rc::Gen<Duration> any_time() {
  return rc::gen::map(rc::gen::inRange(0, 20'000),
                      [](int ms) { return Duration(milliseconds(ms)); });
}

rc::Gen<std::optional<Duration>> any_pace() {
  return rc::gen::oneOf(
      rc::gen::just(std::optional<Duration>(Duration::zero())),
      rc::gen::just(std::optional<Duration>()),
      rc::gen::map(any_time(), [](Duration time) { return std::optional(time); }));
}

ServiceSpec any_service(std::size_t i) {
  ServiceSpec spec;
  spec.name = std::to_string(i);
  spec.stop.grace = *any_time();
  spec.stop.kill_mode = *rc::gen::element(KillMode::process, KillMode::mixed, KillMode::group);
  const int hooks = *rc::gen::inRange(0, 16);
  spec.hooks.pre_start.resize(hooks & 1);
  spec.hooks.post_start.resize((hooks >> 1) & 1);
  spec.hooks.pre_stop.resize((hooks >> 2) & 1);
  spec.hooks.post_stop.resize((hooks >> 3) & 1);
  for (std::size_t j = 0; j < i; ++j) {
    if (*rc::gen::inRange(0, 3) != 0) continue;
    spec.depends_on.push_back({.service = std::to_string(j),
                               .condition = *rc::gen::element(
                                   Condition::started, Condition::healthy, Condition::completed)});
  }
  return spec;
}

Plan any_plan() {
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
  std::vector<ServiceSpec> services;
  for (std::size_t i = 0; i < count; ++i) services.push_back(any_service(i));
  ContainerSpec container;
  container.stop_grace_period = milliseconds(*rc::gen::inRange(1, 60'000));
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

class Container {
 public:
  Container(const Plan& plan, std::vector<Pace> paces)
      : paces_(std::move(paces)), world_(plan, plan, Mutant::none) {}

  // Starts what can start; `steps` says how far it gets before somebody asks for the end.
  void start(int steps) {
    tell(Booted{});
    for (int i = 0; i < steps; ++i) {
      const auto event = next_of_start();
      if (!event) return;
      tell(*event);
    }
  }

  void shut_down() {
    began_ = world_.now();
    for (std::uint32_t i = 0; i < world_.size(); ++i) {
      if (world_.reality(i).main == Presence::Main::alive) ran_.insert(ServiceId{i});
    }
    tell(SignalReceived{.signo = kSigTerm});
    while (!world_.exit_code()) {
      const auto [at, event] = next_of_stop();
      RC_ASSERT(at != Time::max());
      world_.pass_time_until(at);
      tell(event);
    }
  }

  void check() const {
    RC_ASSERT(!world_.hurried());
    RC_ASSERT(world_.now() <= later(began_, world_.plan().stop_budget()));
    for (const ServiceId id : ran_) RC_ASSERT(told_.contains(id));
  }

 private:
  struct Next {
    Time at = Time::max();
    Event event = AllReaped{};
  };

  std::optional<Event> next_of_start() const {
    for (std::uint32_t i = 0; i < world_.size(); ++i) {
      const ServiceId id{i};
      const Presence& service = world_.reality(id);
      if (service.hook_lives) return HookEnded{id, service.hook, Exited{0}};
      if (service.main == Presence::Main::asked) return Spawned{id, service.generation};
      const bool completes = std::ranges::any_of(
          world_.plan().dependents(id),
          [](const Edge& edge) { return edge.condition == Condition::completed; });
      if (completes && service.main == Presence::Main::alive) {
        return ProcessEnded{id, service.generation, Exited{0}};
      }
    }
    return std::nullopt;
  }

  Next next_of_stop() const {
    Next next;
    const auto offer = [&next](Time at, const Event& event) {
      if (at < next.at) next = {at, event};
    };
    for (std::uint32_t i = 0; i < world_.size(); ++i) {
      const ServiceId id{i};
      const Presence& service = world_.reality(id);
      const Pace& pace = paces_[i];
      if (service.main == Presence::Main::asked) {
        offer(world_.now(), Spawned{id, service.generation});
      }
      if (service.main == Presence::Main::alive) {
        const bool leaves = pace.leaves_members && !service.members_killed;
        const auto group = leaves ? GroupState::populated : GroupState::empty;
        if (service.heard_kill) {
          offer(world_.now(), ProcessEnded{id, service.generation, Signaled{kSigKill}, group});
        } else if (service.heard_stop && pace.main) {
          offer(later(service.stop_heard, *pace.main),
                ProcessEnded{id, service.generation, Signaled{kSigTerm}, group});
        }
      }
      if (service.watched && service.members_killed) {
        offer(world_.now(), GroupEmptied{id, service.generation});
      }
      if (service.hook_lives) {
        if (service.hook_heard_kill) {
          offer(world_.now(), HookEnded{id, service.hook, Signaled{kSigKill}});
        } else if (pace.hooks) {
          offer(std::max(world_.now(), later(service.hook_since, *pace.hooks)),
                HookEnded{id, service.hook, Exited{0}});
        }
      }
    }
    for (std::size_t owner = 0; owner < world_.world().timers(); ++owner) {
      const Timer& timer = world_.timer(owner);
      if (timer.serial == 0) continue;
      offer(timer.due, TimerFired{{static_cast<std::uint32_t>(owner), timer.serial}});
    }
    const bool gone = !world_.anything_left() || world_.rest_signal() == kSigKill;
    if (world_.rest_awaited() && gone) offer(world_.now(), AllReaped{});
    return next;
  }

  void tell(const Event& event) {
    const SimWorld before = world_;
    world_.happen(event, commands_);
    if (const auto violation = find_violation({before, event, commands_, world_})) {
      RC_FAIL(std::string(name_of(violation->invariant)) + ": " + violation->what + "\n" +
              describe(world_.plan()));
    }
    std::vector<ServiceId> stopping;
    for (const Command& command : commands_) {
      const auto* signal = std::get_if<Signal>(&command);
      if (signal == nullptr) continue;
      if (signal->signo == kSigTerm && told_.insert(signal->service).second) {
        stopping.push_back(signal->service);
      }
      if (signal->signo != kSigKill || !world_.shutdown_since()) continue;
      RC_ASSERT(world_.now() <= later(began_, world_.plan().stop_budget()));
    }
    for (const ServiceId id : stopping) {
      const Duration more = paces_[index(id)].asks_for;
      if (more != Duration::zero() && world_.reality(id).main == Presence::Main::alive) {
        tell(TimeoutExtended{id, world_.reality(id).generation, more});
      }
    }
  }

  const std::vector<Pace> paces_;
  SimWorld world_;
  Commands commands_;
  Time began_{};
  std::set<ServiceId> ran_;   // when the shutdown began
  std::set<ServiceId> told_;  // got their stop signal
};

RC_GTEST_PROP(Budget, IsSharedOutSoThatEachHearsItsStopSignalAndNoneOutlivesIt, ()) {
  const Plan plan = any_plan();
  std::vector<Pace> paces;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    paces.push_back(
        {.main = *any_pace(),
         .hooks = *any_pace(),
         .leaves_members = *rc::gen::arbitrary<bool>(),
         .asks_for = *rc::gen::element(Duration::zero(), Duration(seconds(10)), Duration::max())});
  }
  Container container(plan, std::move(paces));
  container.start(*rc::gen::inRange(0, 60));
  container.shut_down();
  container.check();
}

}  // namespace
}  // namespace pid1::model
