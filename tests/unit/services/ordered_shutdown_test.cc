#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kInt = 2;
constexpr int kKill = 9;
constexpr int kTerm = 15;

ContainerSpec with_budget(Duration budget) {
  ContainerSpec container;
  container.stop_grace_period = budget;
  return container;
}

ServiceSpec with_grace(ServiceSpec spec, Duration grace) {
  spec.stop.grace = grace;
  return spec;
}

TEST(Shutdown, StopsADependencyOnlyAfterItsDependents) {
  Scenario scenario({service("db"), service("web", {on("db")}), service("job", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  const auto effects = scenario.signal(kTerm);
  EXPECT_THAT(effects, Contains("signal 15 to web #1"));
  EXPECT_THAT(effects, Contains("signal 15 to job #1"));
  EXPECT_THAT(effects, Not(Contains("signal 15 to db #1")));
  EXPECT_THAT(scenario.killed("web", kTerm), Not(Contains("signal 15 to db #1")));
  EXPECT_THAT(scenario.killed("job", kTerm), Contains("signal 15 to db #1"));
}

TEST(Shutdown, StopsADependencyOnlyAfterThoseThatNeedItThroughOneThatHasEnded) {
  Scenario scenario(
      {service("db"), service("migrate", {on("db")}), service("web", {on_completed("migrate")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("migrate", 0);
  scenario.spawned("web");
  EXPECT_THAT(scenario.signal(kTerm), Not(Contains("signal 15 to db #1")));
  EXPECT_THAT(scenario.killed("web", kTerm), Contains("signal 15 to db #1"));
}

TEST(Shutdown, TakesWhatIsOptionalInTurnAsWell) {
  Scenario scenario({service("cache"), service("web", {optional(on("cache"))})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kTerm), Not(Contains("signal 15 to cache #1")));
  EXPECT_THAT(scenario.killed("web", kTerm), Contains("signal 15 to cache #1"));
}

TEST(Shutdown, AsksWhatIsLeftThenKillsItThenEnds) {
  Scenario scenario({service("web")}, with_budget(seconds(5)));
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.exited("web", 0), ElementsAre("cancel web's timer", "signal 15 to the rest",
                                                     "arm the container's timer for 1 s"));
  EXPECT_THAT(scenario.container_timer(),
              ElementsAre("signal 9 to the rest", "arm the container's timer for 1 s"));
  EXPECT_THAT(scenario.container_timer(), ElementsAre("finish with 0"));
  EXPECT_THAT(scenario.announced(), Contains("(sweep abandoned)"));
}

TEST(Shutdown, EndsAsSoonAsNothingIsLeft) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kTerm);
  scenario.exited("web", 0);
  EXPECT_THAT(scenario.all_reaped(), ElementsAre("cancel the container's timer", "finish with 0"));
}

TEST(Shutdown, SharesTheBudgetAlongAChain) {
  Scenario scenario(
      {with_grace(service("db"), seconds(10)), with_grace(service("web", {on("db")}), seconds(10))},
      with_budget(milliseconds(11500)));
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kTerm), Contains("arm web's timer for 5 s"));
  scenario.timer("web");
  EXPECT_THAT(scenario.killed("web", kKill), Contains("arm db's timer for 5 s"));
}

TEST(Shutdown, GivesTheNextTheTimeThatOneDidNotNeed) {
  Scenario scenario(
      {with_grace(service("db"), seconds(10)), with_grace(service("web", {on("db")}), seconds(10))},
      with_budget(milliseconds(11500)));
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.killed("web", kTerm), Contains("arm db's timer for 10 s"));
}

TEST(Shutdown, CutsAStopShortThatWasUnderWay) {
  Scenario scenario({with_grace(service("web"), hours(1))}, with_budget(milliseconds(11500)));
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.signal(kTerm), Contains("arm web's timer for 10 s"));
  EXPECT_THAT(scenario.timer("web"), Contains("signal 9 to the group of web #1"));
}

TEST(Shutdown, LeavesAStopThatIsOverSoonerAsItIs) {
  Scenario scenario({with_grace(service("web"), seconds(5))}, with_budget(seconds(30)));
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  scenario.pass(seconds(3));
  EXPECT_THAT(scenario.signal(kTerm), Not(Contains(::testing::HasSubstr("web's timer"))));
}

TEST(Shutdown, SharesTheBudgetWithWhatAMainProcessLeavesOfItsGroup) {
  ServiceSpec db = with_grace(service("db"), hours(1));
  db.stop.kill_mode = KillMode::group;
  Scenario scenario({db, with_grace(service("web", {on("db")}), seconds(1))},
                    with_budget(milliseconds(11500)));
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.exited("db", 1, GroupState::populated), Contains("arm db's timer for 10 s"));
}

TEST(Shutdown, KillsEverythingWhenTheBudgetIsUsedUp) {
  Scenario scenario({service("db"), service("web", {on("db")})}, with_budget(seconds(5)));
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.timer("web"), Contains("signal 9 to the group of web #1"));
  // Its death is not reported: it is in uninterruptible sleep.
  EXPECT_THAT(scenario.container_timer(), Contains("signal 9 to the group of db #1"));
  scenario.killed("db", kKill);
  EXPECT_THAT(scenario.container_timer(), Contains("signal 9 to the rest"));
  EXPECT_THAT(scenario.container_timer(), ElementsAre("finish with 0"));
}

TEST(Shutdown, KillsEverythingOnASecondInterrupt) {
  Scenario scenario({service("db"), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kInt);
  const auto effects = scenario.signal(kInt);
  EXPECT_THAT(effects, Contains("signal 9 to the group of web #1"));
  EXPECT_THAT(effects, Contains("signal 9 to the group of db #1"));
}

TEST(Shutdown, KillsWhatComesUpAfterASecondInterrupt) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.signal(kInt);
  scenario.signal(kInt);
  EXPECT_THAT(scenario.spawned("web"), Contains("signal 9 to the group of web #1"));
}

TEST(Shutdown, OnlyTellsWhatItWaitsForOnASecondTerm) {
  Scenario scenario({service("db"), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  scenario.killed("web", kTerm);
  EXPECT_THAT(scenario.signal(kTerm), IsEmpty());
  EXPECT_THAT(scenario.announced(), ElementsAre("(still waiting db)"));
}

TEST(Shutdown, HurriesTheSweepOnASecondInterrupt) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kInt);
  scenario.killed("web", kInt);
  EXPECT_THAT(scenario.signal(kInt), Contains("signal 9 to the rest"));
  EXPECT_THAT(scenario.signal(kInt), IsEmpty());
}

TEST(Shutdown, DropsWhatWaitsOrPauses) {
  Scenario scenario({service("db"), service("web", {on("db")}), service("job")});
  scenario.boot();
  scenario.not_executable("job");
  EXPECT_EQ(scenario.phase("job"), Phase::backoff);
  EXPECT_THAT(scenario.signal(kTerm), Contains("cancel job's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
  EXPECT_EQ(scenario.phase("job"), Phase::stopped);
}

TEST(Shutdown, WaitsForAStartThatWasAskedFor) {
  Scenario scenario({service("web")});
  scenario.boot();
  EXPECT_THAT(scenario.signal(kTerm), Not(Contains("signal 15 to the rest")));
  EXPECT_THAT(scenario.spawned("web"), Contains("signal 15 to web #1"));
}

TEST(Shutdown, RefusesRequests) {
  Scenario scenario({service("web"), service("job")});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  scenario.killed("job", kTerm);
  EXPECT_THAT(scenario.start("job"), IsEmpty());
  EXPECT_THAT(scenario.restart("web"), IsEmpty());
  EXPECT_THAT(scenario.stop("web"), IsEmpty());
}

}  // namespace
}  // namespace pid1::model
