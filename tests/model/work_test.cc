#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <deque>
#include <ostream>
#include <string>
#include <vector>

#include "services/orchestrator.h"

namespace {
std::uint64_t steps = 0;
}

// Called by each basic block of the core, which is compiled with -fsanitize-coverage=trace-pc.
// NOLINTNEXTLINE(readability-identifier-naming): the compiler's
extern "C" void __sanitizer_cov_trace_pc() { ++steps; }

namespace pid1 {
namespace {

constexpr int kTerm = 15;

using Services = std::vector<ServiceSpec>;

Services independent(std::size_t count) {
  Services services(count);
  for (std::size_t i = 0; i < count; ++i) {
    services[i].name = std::to_string(i);
    services[i].restart.condition = RestartCondition::never;
    services[i].on_failure = EndAction::ignore;
  }
  return services;
}

void depend(Services& services, std::size_t from, std::size_t on) {
  services[from].depends_on.push_back({.service = std::to_string(on), .restart = true});
}

Services chain(std::size_t count) {
  Services services = independent(count);
  for (std::size_t i = 1; i < count; ++i) depend(services, i, i - 1);
  return services;
}

// All depend on one.
Services hub(std::size_t count) {
  Services services = independent(count);
  for (std::size_t i = 1; i < count; ++i) depend(services, i, 0);
  return services;
}

// One depends on all.
Services collector(std::size_t count) {
  Services services = independent(count);
  for (std::size_t i = 0; i + 1 < count; ++i) depend(services, count - 1, i);
  return services;
}

// Each of a pair depends on both of the pair before: 2^(n/2) ways through, 2n edges.
Services diamonds(std::size_t count) {
  Services services = independent(count);
  for (std::size_t i = 2; i < count; ++i) {
    const std::size_t pair = i / 2 * 2;
    depend(services, i, pair - 2);
    depend(services, i, pair - 1);
  }
  return services;
}

// Each depends on one that has completed, and so on: a shutdown looks through them.
Services completed_chain(std::size_t count) {
  Services services = chain(count);
  for (ServiceSpec& spec : services) {
    for (Dependency& dependency : spec.depends_on) dependency.condition = Condition::completed;
  }
  return services;
}

// The shell around the core, reduced to what answers at once.
class Shell {
 public:
  explicit Shell(const Plan& plan) : core_(plan) {}

  // Returns the steps that the core took for this and all that came of it.
  std::uint64_t happen(const Event& event) {
    std::uint64_t taken = 0;
    for (events_.push_back(event); !events_.empty(); events_.pop_front()) {
      commands_.clear();
      const std::uint64_t before = steps;
      core_.handle(events_.front(), Time{}, commands_);
      taken += steps - before;
      for (const Command& command : commands_) answer(command);
    }
    return taken;
  }

  const Orchestrator& core() const { return core_; }
  void let_end(const Condition& condition) { completes_ = condition == Condition::completed; }

 private:
  void answer(const Command& command) {
    if (const auto* spawn = std::get_if<Spawn>(&command)) {
      events_.push_back(Spawned{spawn->service, spawn->generation});
      const bool last = index(spawn->service) + 1 == core_.plan().size();
      if (completes_ && !last) {
        events_.push_back(ProcessEnded{spawn->service, spawn->generation, Exited{0}});
      }
    } else if (const auto* signal = std::get_if<Signal>(&command)) {
      if (signal->signo != kTerm) return;
      events_.push_back(ProcessEnded{signal->service, signal->generation, Signaled{kTerm}});
    } else if (std::holds_alternative<SignalRest>(command)) {
      events_.push_back(AllReaped{});
    }
  }

  Orchestrator core_;
  Commands commands_;
  std::deque<Event> events_;
  bool completes_ = false;
};

Plan plan_of(Services services) { return std::get<Plan>(Plan::create(std::move(services))); }

std::uint64_t work_of_a_life(const Plan& plan, Condition condition) {
  Shell shell(plan);
  shell.let_end(condition);
  std::uint64_t work = shell.happen(Booted{});
  work += shell.happen(SignalReceived{.signo = kTerm});
  EXPECT_EQ(shell.core().stage(), Orchestrator::Stage::finished);
  return work;
}

std::uint64_t work_of_requests(const Plan& plan) {
  Shell shell(plan);
  shell.happen(Booted{});
  std::uint64_t work = shell.happen(RestartRequested{ServiceId{0}});
  work += shell.happen(StopRequested{ServiceId{0}});
  work += shell.happen(StartRequested{ServiceId{static_cast<std::uint32_t>(plan.size() - 1)}});
  work += shell.happen(StartRequested{ServiceId{0}});
  EXPECT_EQ(shell.core().service(ServiceId{0}).phase(), Phase::running);
  return work;
}

struct Shape {
  const char* name;
  Services (*make)(std::size_t count);
  Condition condition = Condition::started;
};

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << shape.name; }

class WorkOf : public ::testing::TestWithParam<Shape> {};

constexpr std::size_t kMany = 1000;
// Linear work doubles, n log n would do a little more, the square of it would be four times.
constexpr double kLinear = 2.3;

double growth(std::uint64_t at_half, std::uint64_t at_full) {
  return static_cast<double>(at_full) / static_cast<double>(at_half);
}

TEST_P(WorkOf, BootAndShutdownGrowsWithTheGraph) {
  const Shape& shape = GetParam();
  const auto half = work_of_a_life(plan_of(shape.make(kMany / 2)), shape.condition);
  const auto full = work_of_a_life(plan_of(shape.make(kMany)), shape.condition);
  RecordProperty("steps", std::to_string(full));
  EXPECT_GT(half, kMany) << "nothing is counted";
  EXPECT_LT(growth(half, full), kLinear);
}

TEST_P(WorkOf, RequestsGrowsWithTheGraph) {
  const Shape& shape = GetParam();
  const auto half = work_of_requests(plan_of(shape.make(kMany / 2)));
  const auto full = work_of_requests(plan_of(shape.make(kMany)));
  EXPECT_LT(growth(half, full), kLinear);
}

TEST_P(WorkOf, AFailureGrowsWithTheGraph) {
  const auto work = [](const Plan& plan) {
    Shell shell(plan);
    shell.happen(Booted{});
    const ServiceId first{0};
    return shell.happen(ProcessEnded{first, shell.core().service(first).generation(), Exited{1}});
  };
  const auto half = work(plan_of(GetParam().make(kMany / 2)));
  const auto full = work(plan_of(GetParam().make(kMany)));
  EXPECT_LT(growth(half, full), kLinear);
}

TEST(Work, OfARestartVisitsEachServiceOnceWhereManyWaysLeadToIt) {
  const Plan plan = plan_of(diamonds(kMany));
  Orchestrator core(plan);
  Commands commands;
  core.handle(Booted{}, Time{}, commands);  // all but the first two wait
  const std::uint64_t before = steps;
  core.handle(RestartRequested{ServiceId{0}}, Time{}, commands);
  EXPECT_LT(steps - before, 1000 * kMany);
}

INSTANTIATE_TEST_SUITE_P(
    Graphs, WorkOf,
    ::testing::Values(Shape{"independent", independent}, Shape{"chain", chain}, Shape{"hub", hub},
                      Shape{"collector", collector}, Shape{"diamonds", diamonds},
                      Shape{"completed", completed_chain, Condition::completed}));

}  // namespace
}  // namespace pid1
