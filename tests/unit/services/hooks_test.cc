#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kTerm = 15;
constexpr int kInt = 2;
constexpr int kKill = 9;

ServiceSpec web_with(Hooks hooks) {
  ServiceSpec web = service("web");
  web.hooks = std::move(hooks);
  web.restart.condition = RestartCondition::never;
  web.on_failure = EndAction::ignore;
  return web;
}

Hooks at(HookPoint point, std::size_t count = 1) {
  Hooks hooks;
  switch (point) {
    case HookPoint::pre_start: hooks.pre_start.resize(count, hook()); break;
    case HookPoint::post_start: hooks.post_start.resize(count, hook()); break;
    case HookPoint::pre_stop: hooks.pre_stop.resize(count, hook()); break;
    case HookPoint::post_stop: hooks.post_stop.resize(count, hook()); break;
  }
  return hooks;
}

TEST(PreStart, RunsEachHookAfterTheOtherAndThenTheProgram) {
  Scenario scenario({web_with(at(HookPoint::pre_start, 2))});
  EXPECT_THAT(scenario.boot(), ElementsAre("run pre_start hook 1 of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0), ElementsAre("run pre_start hook 2 of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0), ElementsAre("spawn web #1"));
}

TEST(PreStart, IsAStartThatFailedWhereItFails) {
  Scenario scenario({web_with(at(HookPoint::pre_start, 2)), service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.hook_exited("web", 3), IsEmpty());
  EXPECT_THAT(scenario.announced(), ElementsAre("(hook failed web)", "(failed web)"));
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(PreStart, RunsAgainBeforeEachRestart) {
  ServiceSpec web = web_with(at(HookPoint::pre_start));
  web.restart.condition = RestartCondition::always;
  Scenario scenario({web});
  scenario.boot();
  scenario.hook_exited("web", 0);
  scenario.spawned("web");
  scenario.pass(seconds(2));
  EXPECT_THAT(scenario.exited("web", 0), ElementsAre("run pre_start hook 1 of web"));
}

TEST(PreStart, DoesNotRunAgainWhereTheSystemHadNoProcessForTheProgram) {
  Scenario scenario({web_with(at(HookPoint::pre_start))});
  scenario.boot();
  scenario.hook_exited("web", 0);
  scenario.refused("web");
  EXPECT_THAT(scenario.timer("web"), ElementsAre("spawn web #2"));
}

TEST(PreStart, IsToldToEndByAStopAndThenNothingStarts) {
  Scenario scenario({web_with(at(HookPoint::pre_start)), service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.stop("web"),
              ElementsAre("signal 15 to the hook of web", "arm web's timer for 10 s"));
  EXPECT_EQ(scenario.phase("web"), Phase::cancelling);
  EXPECT_THAT(scenario.hook_killed("web", kTerm), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PreStart, IsKilledWhereItDoesNotEndWithinTheGracePeriod) {
  Scenario scenario({web_with(at(HookPoint::pre_start)), service("other")});
  scenario.boot();
  scenario.stop("web");
  EXPECT_THAT(scenario.timer("web"), ElementsAre("signal 9 to the hook of web"));
  EXPECT_EQ(scenario.phase("web"), Phase::cancelling);
  scenario.hook_killed("web", kKill);
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PreStart, IsStoppedAtOnceThoughDependentsRun) {
  ServiceSpec db = web_with(at(HookPoint::pre_start));
  db.name = "db";
  db.restart.condition = RestartCondition::always;
  db.restart.delay = Duration::zero();
  Scenario scenario({db, service("web", {on("db")})});
  scenario.boot();
  scenario.hook_exited("db", 0);
  scenario.spawn_all();
  scenario.exited("db", 1);
  EXPECT_EQ(scenario.phase("db"), Phase::preparing);
  EXPECT_THAT(scenario.signal(kTerm), Contains("signal 15 to the hook of db"))
      << "web needs nothing of what has not started";
}

TEST(PostStart, RunsOnceTheProgramRunsAndDependentsOfItsHealthWait) {
  ServiceSpec db = web_with(at(HookPoint::post_start));
  db.name = "db";
  Scenario scenario({db, service("web", {on_healthy("db")}), service("log", {on("db")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("run post_start hook 1 of db", "spawn log #1"));
  EXPECT_THAT(scenario.hook_exited("db", 0), ElementsAre("spawn web #1"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(ready db)"));
}

TEST(PostStart, StopsTheServiceWhereItFailsAndThatIsAFailure) {
  Scenario scenario({web_with(at(HookPoint::post_start)), service("other")});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.hook_exited("web", 1), Contains("signal 15 to web #1"));
  EXPECT_THAT(scenario.announced(),
              ElementsAre("(hook failed web)", "(condemned web: hook failed)"));
  scenario.exited("web", 0);
  EXPECT_EQ(scenario.phase("web"), Phase::failed) << "whatever its code is";
}

TEST(PostStart, IsKilledWithTheEndOfTheProgram) {
  Scenario scenario({web_with(at(HookPoint::post_start)), service("other")});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.exited("web", 0), ElementsAre("signal 9 to the hook of web"));
  EXPECT_EQ(scenario.phase("web"), Phase::exited);
  EXPECT_THAT(scenario.hook_killed("web", kKill), IsEmpty());
}

TEST(PostStart, GivesWayToAStopAndThePreStopHooks) {
  Hooks hooks = at(HookPoint::post_start);
  hooks.pre_stop.resize(1, hook());
  Scenario scenario({web_with(hooks), service("other")});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.stop("web"),
              ElementsAre("signal 15 to the hook of web", "arm web's timer for 5 s"));
  EXPECT_THAT(scenario.hook_killed("web", kTerm), ElementsAre("run pre_stop hook 1 of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0), Contains("signal 15 to web #1"));
}

TEST(PreStop, RunsBeforeTheStopSignalAndHasHalfOfTheGracePeriod) {
  Scenario scenario({web_with(at(HookPoint::pre_stop, 2)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.stop("web"),
              ElementsAre("run pre_stop hook 1 of web", "arm web's timer for 5 s"));
  scenario.pass(seconds(2));
  EXPECT_THAT(scenario.hook_exited("web", 1), ElementsAre("run pre_stop hook 2 of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0),
              ElementsAre("signal 15 to web #1", "signal 18 to web #1", "arm web's timer for 8 s"))
      << "what is left of the grace period";
}

TEST(PreStop, IsKilledWhenItsTimeIsOverAndTheStopSignalFollows) {
  Scenario scenario({web_with(at(HookPoint::pre_stop, 2)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  EXPECT_THAT(scenario.timer("web"),
              ElementsAre("signal 9 to the hook of web", "signal 15 to web #1",
                          "signal 18 to web #1", "arm web's timer for 5 s"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(hook killed web)"));
  EXPECT_THAT(scenario.hook_killed("web", kKill), IsEmpty()) << "nobody waits for it any more";
}

TEST(PreStop, EndsInPeaceWhereTheProgramEndsMeanwhile) {
  Scenario scenario({web_with(at(HookPoint::pre_stop)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  EXPECT_THAT(scenario.exited("web", 0), IsEmpty());
  EXPECT_EQ(scenario.phase("web"), Phase::quiescing);
  EXPECT_THAT(scenario.hook_exited("web", 0), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PreStop, LeavesTheGroupToBeKilledOnceItHasEnded) {
  Scenario scenario({web_with(at(HookPoint::pre_stop)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  EXPECT_THAT(scenario.exited("web", 0, GroupState::populated),
              ElementsAre("watch the group of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0), Contains("signal 9 to the group of web #1"));
  scenario.group_emptied("web");
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PreStop, LooksForNoGroupThatHasGoneMeanwhile) {
  Scenario scenario({web_with(at(HookPoint::pre_stop)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  scenario.exited("web", 0, GroupState::populated);
  scenario.group_emptied("web");
  EXPECT_THAT(scenario.hook_exited("web", 0), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PreStop, DoesNotRunWhenEverythingIsKilled) {
  Scenario scenario({web_with(at(HookPoint::pre_stop, 2))});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kInt);
  EXPECT_THAT(scenario.signal(kInt), Contains("signal 9 to the hook of web"));
  EXPECT_EQ(scenario.phase("web"), Phase::killing);
  EXPECT_THAT(scenario.killed("web", kKill), Not(Contains("run pre_stop hook 2 of web")));
}

TEST(PostStop, RunsAfterEachEndAndHasAGracePeriodOfItsOwn) {
  ServiceSpec web = web_with(at(HookPoint::post_stop, 2));
  web.restart.condition = RestartCondition::always;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  scenario.pass(seconds(2));
  EXPECT_THAT(scenario.exited("web", 0),
              ElementsAre("run post_stop hook 1 of web", "arm web's timer for 10 s"));
  EXPECT_THAT(scenario.hook_exited("web", 1), ElementsAre("run post_stop hook 2 of web"));
  EXPECT_THAT(scenario.hook_exited("web", 0), ElementsAre("cancel web's timer", "spawn web #2"));
}

TEST(PostStop, RunsAfterAStartThatFailed) {
  Hooks hooks = at(HookPoint::pre_start);
  hooks.post_stop.resize(1, hook());
  Scenario scenario({web_with(hooks), service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.hook_exited("web", 1), Contains("run post_stop hook 1 of web"));
  scenario.hook_exited("web", 0);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(PostStop, RunsAfterAStartThatWasGivenUpForWantOfResources) {
  Hooks hooks = at(HookPoint::pre_start);
  hooks.post_stop.resize(1, hook());
  Scenario scenario({web_with(hooks), service("other")});
  scenario.boot();
  scenario.hook_exited("web", 0);
  scenario.refused("web");
  EXPECT_THAT(scenario.stop("web"), Contains("run post_stop hook 1 of web"));
  scenario.hook_exited("web", 0);
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(PostStop, IsKilledWhenItsTimeIsOverAndNothingWaitsForIt) {
  Scenario scenario({web_with(at(HookPoint::post_stop)), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("web", 0);
  EXPECT_THAT(scenario.timer("web"), ElementsAre("signal 9 to the hook of web"));
  EXPECT_EQ(scenario.phase("web"), Phase::exited);
}

TEST(PostStop, KeepsTheDependenciesUpUntilItHasEnded) {
  ServiceSpec web = web_with(at(HookPoint::post_stop));
  web.depends_on = {on("db")};
  Scenario scenario({service("db"), web});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.killed("web", kTerm), Not(Contains("signal 15 to db #1")));
  EXPECT_THAT(scenario.hook_exited("web", 0), Contains("signal 15 to db #1"));
}

TEST(HooksInAShutdown, AreNeverGivenMoreTimeThanTheyHad) {
  ServiceSpec web = web_with(at(HookPoint::pre_stop));
  ContainerSpec container;
  container.stop_grace_period = seconds(10);
  Scenario scenario({web, service("other")}, container);
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  scenario.pass(seconds(4));
  scenario.signal(kTerm);
  EXPECT_LE(scenario.until_timer("web"), seconds(1)) << "half of its ten seconds, four ago";
}

}  // namespace
}  // namespace pid1::model
