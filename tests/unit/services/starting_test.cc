#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Starting, StartsAtOnceWhatDependsOnNothing) {
  Scenario scenario({service("web"), service("worker")});
  EXPECT_THAT(scenario.boot(), ElementsAre("spawn web #1", "spawn worker #1"));
}

TEST(Starting, WaitsUntilADependencyWasLaunched) {
  Scenario scenario({service("web", {on("db")}), service("db")});
  EXPECT_THAT(scenario.boot(), ElementsAre("spawn db #1"));
  EXPECT_EQ(scenario.phase("web"), Phase::waiting);
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #1"));
}

TEST(Starting, WaitsUntilADependencyHasCompletedWithSuccess) {
  Scenario scenario({service("migrate"), service("web", {on_completed("migrate")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("migrate"), IsEmpty());
  EXPECT_THAT(scenario.exited("migrate", 0), ElementsAre("spawn web #1"));
}

TEST(Starting, WaitsForEveryDependency) {
  Scenario scenario({service("db"), service("cache"), service("web", {on("db"), on("cache")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), IsEmpty());
  EXPECT_THAT(scenario.spawned("cache"), ElementsAre("spawn web #1"));
}

TEST(Starting, TakesASuccessExitCodeForSuccess) {
  ServiceSpec migrate = service("migrate");
  migrate.success_exit_codes = {3, 143};
  Scenario scenario({migrate, service("web", {on_completed("migrate")})});
  scenario.boot();
  scenario.spawned("migrate");
  EXPECT_THAT(scenario.killed("migrate", 15), ElementsAre("spawn web #1"));
}

TEST(Starting, CountsADependencyThatEndedSinceAsLaunched) {
  Scenario scenario({service("init"), service("web", {on("init"), on("db")}), service("db")});
  scenario.boot();
  scenario.spawned("init");
  scenario.exited("init", 0);
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #1"));
}

TEST(Starting, FailsWithTheDependencyThatItNeeds) {
  ServiceSpec migrate = service("migrate");
  migrate.restart.condition = RestartCondition::never;
  migrate.on_failure = EndAction::ignore;
  ServiceSpec web = service("web", {on_completed("migrate")});
  web.on_failure = EndAction::ignore;
  Scenario scenario({migrate, web, service("worker", {on("web")}), service("other")});
  scenario.boot();
  scenario.spawned("migrate");
  scenario.spawned("other");
  scenario.exited("migrate", 3);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_THAT(scenario.announced(), Contains("(dependency failed web because of migrate)"));
  EXPECT_THAT(scenario.announced(), Contains("(dependency failed worker because of web)"));
}

TEST(Starting, GoesOnWithoutAnOptionalDependencyThatFailed) {
  ServiceSpec cache = service("cache");
  cache.restart.condition = RestartCondition::never;
  cache.on_failure = EndAction::ignore;
  Scenario scenario({cache, service("web", {optional(on("cache"))})});
  scenario.boot();
  EXPECT_THAT(scenario.not_executable("cache"), ElementsAre("spawn web #1"));
}

TEST(Starting, WaitsForAnOptionalDependencyAsLongAsItMayStillCome) {
  Scenario scenario({service("cache"), service("web", {optional(on("cache"))})});
  EXPECT_THAT(scenario.boot(), ElementsAre("spawn cache #1"));
  EXPECT_THAT(scenario.spawned("cache"), ElementsAre("spawn web #1"));
}

TEST(Starting, TriesForEverWhereTheSystemRefusesAProcess) {
  ServiceSpec web = service("web");
  web.restart.max_attempts = 1;
  Scenario scenario({web});
  scenario.boot();
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(scenario.refused("web"), ::testing::SizeIs(1));
    ASSERT_THAT(scenario.announced(), ElementsAre("(spawn deferred web)"));
    ASSERT_THAT(scenario.timer("web"), ::testing::SizeIs(1));
  }
  scenario.spawned("web");
  scenario.exited("web", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::backoff) << "a refusal was counted as an attempt";
}

TEST(Starting, PullsUpWhatAServiceNeedsWhenSomeoneAsksForIt) {
  Scenario scenario({service("db"), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("db");
  scenario.killed("web", 15);
  scenario.killed("db", 15);
  EXPECT_THAT(scenario.start("web"), ElementsAre("spawn db #2"));
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #2"));
}

TEST(Starting, LeavesAnOptionalDependencyDownThatSomebodyStopped) {
  Scenario scenario({service("cache"), service("web", {optional(on("cache"))}), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("cache");
  scenario.killed("cache", 15);
  scenario.stop("web");
  scenario.killed("web", 15);
  EXPECT_THAT(scenario.start("web"), ElementsAre("spawn web #2"));
  EXPECT_EQ(scenario.phase("cache"), Phase::stopped);
}

TEST(Starting, GivesAServiceACleanSlateWhenSomeoneAsksForItAgain) {
  ServiceSpec web = service("web");
  web.restart.max_attempts = 1;
  web.on_failure = EndAction::ignore;
  Scenario scenario({web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("web", 1);
  scenario.timer("web");
  scenario.spawned("web");
  scenario.exited("web", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  scenario.start("web");
  scenario.spawned("web");
  scenario.exited("web", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::backoff);
}

TEST(Starting, EndsAtOnceWhereThereIsNothingToStart) {
  Scenario scenario({});
  EXPECT_THAT(scenario.boot(), Contains("signal 15 to the rest"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 0"));
}

TEST(Starting, IgnoresEverythingBeforeTheBoot) {
  Scenario scenario({service("web")});
  EXPECT_THAT(scenario.start("web"), IsEmpty());
  EXPECT_THAT(scenario.stop("web"), IsEmpty());
  EXPECT_THAT(scenario.restart("web"), IsEmpty());
  EXPECT_THAT(scenario.signal(15), IsEmpty());
}

}  // namespace
}  // namespace pid1::model
