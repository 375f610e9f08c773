#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kHup = 1;
constexpr int kUser1 = 10;
constexpr int kUser2 = 12;
constexpr int kTerm = 15;

ServiceSpec final_service(std::string name, std::vector<Dependency> depends_on = {}) {
  ServiceSpec spec = service(std::move(name), std::move(depends_on));
  spec.restart.condition = RestartCondition::never;
  return spec;
}

ContainerSpec with_exit_code_from(std::string service) {
  ContainerSpec container;
  container.exit_code_from = std::move(service);
  return container;
}

TEST(ExitCode, IsNothingAfterAStopThatWasAskedFor) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kTerm);
  scenario.killed("web", kTerm);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 0"));
}

TEST(ExitCode, IsThatOfTheServiceWhoseFailureEndedTheContainer) {
  Scenario scenario({final_service("web"), service("db")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("web", 42), Contains("signal 15 to db #1"));
  scenario.exited("db", 3);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 42"));
}

TEST(ExitCode, Is128AndTheSignalThatKilledIt) {
  Scenario scenario({final_service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.killed("web", 11);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 139"));
}

TEST(ExitCode, IsThatOfTheDependencyWithoutWhichAServiceFailed) {
  ServiceSpec migrate = final_service("migrate");
  migrate.on_failure = EndAction::ignore;
  Scenario scenario({migrate, service("web", {on_completed("migrate")})});
  scenario.boot();
  scenario.spawned("migrate");
  scenario.exited("migrate", 9);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 9"));
}

TEST(ExitCode, IsNeverNothingAfterAFailure) {
  ServiceSpec web = service("web");
  web.restart = {.condition = RestartCondition::always, .max_attempts = 1};
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  scenario.exited("web", 0);
  scenario.timer("web");
  scenario.spawned("web");
  scenario.exited("web", 0);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 1"));
}

TEST(ExitCode, IsNeverNothingWhereTheNamedServiceFailed) {
  ServiceSpec web = service("web");
  web.restart = {.condition = RestartCondition::always, .max_attempts = 1};
  Scenario scenario({web}, with_exit_code_from("web"));
  scenario.boot();
  scenario.spawned("web");
  scenario.exited("web", 0);
  scenario.timer("web");
  scenario.spawned("web");
  scenario.exited("web", 0);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 1"));
}

TEST(ExitCode, IsThatOfTheNamedServiceWhateverEndedTheContainer) {
  Scenario scenario({service("web"), final_service("job")}, with_exit_code_from("web"));
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("job", 42);
  scenario.exited("web", 5);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 5"));
}

TEST(ExitCode, IsThatOfTheSignalWhereTheNamedServiceNeverRan) {
  Scenario scenario({final_service("job"), service("web", {on_completed("job")})},
                    with_exit_code_from("web"));
  scenario.boot();
  scenario.spawned("job");
  scenario.signal(kTerm);
  scenario.killed("job", kTerm);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 143"));
}

TEST(Container, EndsWithTheServiceThatGivesItsCode) {
  Scenario scenario({service("web"), service("db")}, with_exit_code_from("web"));
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("web", 0), Contains("signal 15 to db #1"));
}

TEST(Container, EndsWhereOnSuccessSaysSo) {
  ServiceSpec job = service("job");
  job.on_success = EndAction::shutdown;
  Scenario scenario({job, service("db")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("job", 0), Contains("signal 15 to db #1"));
  scenario.killed("db", kTerm);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 0"));
}

TEST(Container, EndsWhenNothingIsLeftToRun) {
  Scenario scenario({service("one"), service("two")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("one", 0), IsEmpty());
  EXPECT_THAT(scenario.exited("two", 0), Contains("signal 15 to the rest"));
}

TEST(Container, GoesOnWhereAServiceMayFail) {
  ServiceSpec job = final_service("job");
  job.on_failure = EndAction::ignore;
  Scenario scenario({job, service("db")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("job", 1), IsEmpty());
}

TEST(Signals, GoToEveryServiceThatRuns) {
  Scenario scenario({service("a"), service("b"), service("c", {on("b")})});
  scenario.boot();
  scenario.spawned("a");
  EXPECT_THAT(scenario.signal(kHup), ElementsAre("signal 1 to a #1"));
  scenario.spawned("b");
  scenario.spawned("c");
  scenario.stop("c");
  EXPECT_THAT(scenario.signal(kHup),
              ElementsAre("signal 1 to a #1", "signal 1 to b #1", "signal 1 to c #1"));
}

TEST(Signals, AreSentAsAnotherWhereTheRuleSaysSo) {
  ContainerSpec container;
  container.signals[kUser1] = {.kind = SignalRule::Kind::forward, .as = kUser2, .only = {}};
  Scenario scenario({service("web")}, container);
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.signal(kUser1), ElementsAre("signal 12 to web #1"));
}

TEST(Signals, GoOnlyWhereTheRuleSaysEachWithItsOwn) {
  ContainerSpec container;
  container.signals[kUser1] = {
      .kind = SignalRule::Kind::forward, .as = 0, .only = {{"web", kHup}, {"db", kUser2}}};
  Scenario scenario({service("db"), service("web"), service("other")}, container);
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kUser1), ElementsAre("signal 1 to web #1", "signal 12 to db #1"));
}

TEST(Signals, EndTheContainerOrNothingWhereTheRuleSaysSo) {
  ContainerSpec container;
  container.signals[kHup].kind = SignalRule::Kind::shutdown;
  container.signals[kTerm].kind = SignalRule::Kind::ignore;
  Scenario scenario({service("web")}, container);
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.signal(kTerm), IsEmpty());
  EXPECT_THAT(scenario.signal(kHup), Contains("signal 15 to web #1"));
}

TEST(Signals, StillGoToWhatIsBeingStopped) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.signal(kHup), ElementsAre("signal 1 to web #1"));
}

}  // namespace
}  // namespace pid1::model
