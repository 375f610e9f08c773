#include <gtest/gtest.h>

#include <iostream>

#include "tests/model/explorer.h"
#include "tests/model/plans.h"

namespace pid1::model {
namespace {

using std::chrono::seconds;

// Defects that were seeded on purpose: a model that can't see these would prove nothing.

Plan plan_of(std::vector<ServiceSpec> services) {
  for (ServiceSpec& spec : services) {
    spec.restart = {RestartCondition::on_failure, 1, seconds(1), seconds(1), seconds(2)};
    spec.stop.grace = seconds(2);
  }
  ContainerSpec container;
  container.stop_grace_period = seconds(30);
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

ServiceSpec service(std::string name, std::vector<Dependency> depends_on = {}) {
  ServiceSpec spec;
  spec.name = std::move(name);
  spec.depends_on = std::move(depends_on);
  return spec;
}

Plan single_service() { return plan_of({service("web")}); }

void expect_caught(const Subject& subject, Invariant invariant,
                   const Environment& environment = {}) {
  const Exploration result = explore(subject, environment);
  ASSERT_TRUE(result.counterexample) << "the mutant survived " << result.states << " states";
  EXPECT_EQ(name_of(result.counterexample->violation.invariant), name_of(invariant));
  std::cout << narrate(*result.counterexample, subject, environment);
}

TEST(Mutants, TheUnchangedCoreSurvives) {
  const Plan plan = single_service();
  const Exploration result = explore({plan, plan}, Environment{});
  EXPECT_FALSE(result.counterexample) << narrate(*result.counterexample, {plan, plan}, {});
}

TEST(Mutants, ATimerWithoutATokenIsCaught) {
  const Plan plan = single_service();
  expect_caught({plan, plan, Mutant::timer_without_token}, Invariant::cancelled_is_silent);
}

TEST(Mutants, ARespawnThatArmsNothingIsCaught) {
  const Plan plan = single_service();
  expect_caught({plan, plan, Mutant::respawn_arms_nothing}, Invariant::always_moving);
}

TEST(Mutants, ADependencyStoppedTooEarlyIsCaught) {
  const Plan truth = plan_of({service("db"), service("web", {{"db"}})});
  const Plan told = plan_of({service("db"), service("web")});
  // Without the edge it starts too early and a request to stop goes wrong as well, which would be
  // seen first; what matters here is the shutdown.
  expect_caught({told, truth, Mutant::none, Invariant::starts_in_order},
                Invariant::dependents_first, {.requests = false});
}

ServiceSpec with_hooks(ServiceSpec spec, std::size_t pre_stop, std::size_t post_stop) {
  spec.hooks.pre_stop.resize(pre_stop);
  spec.hooks.post_stop.resize(post_stop);
  return spec;
}

// Long runs and members tell nothing about these.
constexpr Environment kPlain{.group_members = false, .long_runs = false};

TEST(Mutants, AStopThatForgetsItsSignalAfterHooksIsCaught) {
  const Plan plan = plan_of({with_hooks(service("web"), 1, 0)});
  expect_caught({plan, plan, Mutant::hooks_swallow_stop}, Invariant::always_moving, kPlain);
}

TEST(Mutants, AStaleEndOfAHookThatIsBelievedIsCaught) {
  const Plan plan = plan_of({with_hooks(service("web"), 1, 1)});
  expect_caught({plan, plan, Mutant::stale_hook_believed}, Invariant::cancelled_is_silent, kPlain);
}

TEST(Mutants, AStaleAnswerOfAProbeThatIsBelievedIsCaught) {
  ServiceSpec web = service("web");
  web.health = HealthCheck{.probe = TcpProbe{}, .interval = seconds(4), .timeout = seconds(2)};
  const Plan plan = plan_of({web});
  expect_caught({plan, plan, Mutant::stale_probe_believed}, Invariant::cancelled_is_silent, kPlain);
}

TEST(Mutants, ReadinessThatIsIgnoredIsCaught) {
  ServiceSpec db = service("db");
  db.readiness.kind = Readiness::Kind::notify;
  const Plan plan =
      plan_of({db, service("web", {{.service = "db", .condition = Condition::healthy}})});
  expect_caught({plan, plan, Mutant::readiness_ignored}, Invariant::starts_in_order, kPlain);
}

TEST(Mutants, AFailureThatTakesNobodyDownIsCaught) {
  const auto plan = [](bool required) {
    std::vector<ServiceSpec> services{service("db"),
                                      service("web", {{.service = "db", .required = required}})};
    services[0].on_failure = EndAction::ignore;
    return plan_of(services);
  };
  const Plan truth = plan(true);
  const Plan told = plan(false);
  // What it may start, and what a request to stop takes down, differ as well.
  expect_caught({told, truth, Mutant::none, Invariant::starts_in_order}, Invariant::policy_decides,
                {.long_runs = false, .requests = false});
}

TEST(Mutants, LeftoversThatAreNotWaitedForAreCaught) {
  ContainerSpec container;
  const Plan told = std::get<Plan>(Plan::create({service("web")}, container));
  container.leftovers.awaited = true;
  const Plan truth = std::get<Plan>(Plan::create({service("web")}, container));
  expect_caught({told, truth}, Invariant::policy_decides);
}

TEST(Mutants, AProgramThatNeverRanAndCountsAsASuccessIsCaught) {
  ContainerSpec container;
  const Plan told = std::get<Plan>(Plan::create({service("web")}, container));
  container.must_start = true;
  const Plan truth = std::get<Plan>(Plan::create({service("web")}, container));
  expect_caught({told, truth}, Invariant::shutdown_finishes);
}

}  // namespace
}  // namespace pid1::model
