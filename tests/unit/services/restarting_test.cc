#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// What follows an end, by policy; a second service keeps the container up.
struct EndCase {
  RestartCondition condition;
  int code;
  EndAction on_success;
  EndAction on_failure;
  Phase expected;
};

class AfterAnEnd : public ::testing::TestWithParam<EndCase> {};

TEST_P(AfterAnEnd, TheServiceBecomesWhatItsPolicySays) {
  const EndCase& one = GetParam();
  ServiceSpec web = service("web");
  web.restart.condition = one.condition;
  web.on_success = one.on_success;
  web.on_failure = one.on_failure;
  Scenario scenario({web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("web", one.code);
  EXPECT_EQ(name_of(scenario.phase("web")), name_of(one.expected));
}

constexpr auto kNever = RestartCondition::never;
constexpr auto kOnFailure = RestartCondition::on_failure;
constexpr auto kAlways = RestartCondition::always;
constexpr auto kIgnore = EndAction::ignore;
constexpr auto kRestart = EndAction::restart;
constexpr auto kShutdown = EndAction::shutdown;

INSTANTIATE_TEST_SUITE_P(Policies, AfterAnEnd,
                         ::testing::Values(EndCase{kNever, 0, kIgnore, kIgnore, Phase::exited},
                                           EndCase{kNever, 1, kIgnore, kIgnore, Phase::failed},
                                           EndCase{kOnFailure, 0, kIgnore, kIgnore, Phase::exited},
                                           EndCase{kOnFailure, 1, kIgnore, kIgnore, Phase::backoff},
                                           EndCase{kAlways, 0, kIgnore, kIgnore, Phase::backoff},
                                           EndCase{kAlways, 1, kIgnore, kIgnore, Phase::backoff},
                                           EndCase{kNever, 0, kRestart, kIgnore, Phase::backoff},
                                           EndCase{kNever, 1, kRestart, kIgnore, Phase::failed},
                                           EndCase{kNever, 1, kIgnore, kRestart, Phase::backoff},
                                           EndCase{kNever, 0, kIgnore, kRestart, Phase::exited},
                                           EndCase{kNever, 0, kShutdown, kIgnore, Phase::exited},
                                           EndCase{kNever, 1, kIgnore, kShutdown, Phase::failed}));

TEST(Restarting, ComesAtOnceAfterARunOfASecond) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.pass(seconds(1));
  EXPECT_THAT(scenario.exited("web", 1), ElementsAre("spawn web #2"));
}

TEST(Restarting, ComesAfterAPauseWhereTheRunWasShort) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.pass(milliseconds(999));
  scenario.exited("web", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::backoff);
  EXPECT_THAT(scenario.timer("web"), ElementsAre("spawn web #2"));
}

TEST(Restarting, WaitsForTheRestOfTheGroup) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.pass(seconds(1));
  EXPECT_THAT(scenario.exited("web", 1, GroupState::populated), Not(Contains("spawn web #2")));
  EXPECT_THAT(scenario.group_emptied("web"), Contains("spawn web #2"));
}

TEST(Restarting, AsksTheRestOfAGroupToStopInKillModeGroup) {
  ServiceSpec web = service("web");
  web.stop.kill_mode = KillMode::group;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.exited("web", 1, GroupState::populated),
              ElementsAre("watch the group of web", "signal 15 to the group of web #1",
                          "signal 18 to the group of web #1", "arm web's timer for 10 s"));
}

TEST(Restarting, GivesUpBeyondTheAttemptsAndEndsTheContainer) {
  ServiceSpec web = service("web");
  web.restart.max_attempts = 2;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  for (int i = 0; i < 2; ++i) {
    scenario.exited("web", 7);
    scenario.timer("web");
    scenario.spawned("web");
  }
  scenario.exited("web", 7);
  EXPECT_THAT(scenario.announced(), Contains("(gave up web)"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 7"));
}

TEST(Restarting, CountsAProgramThatCantBeExecuted) {
  ServiceSpec web = service("web");
  web.restart.max_attempts = 1;
  Scenario scenario({web});
  scenario.boot();
  scenario.not_executable("web");
  scenario.timer("web");
  scenario.not_executable("web");
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 127"));
}

TEST(Restarting, GoesOnForEverWhereOnFailureSaysRestart) {
  ServiceSpec web = service("web");
  web.restart.max_attempts = 1;
  web.on_failure = EndAction::restart;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  for (int i = 0; i < 50; ++i) {
    scenario.exited("web", 1);
    ASSERT_EQ(scenario.phase("web"), Phase::backoff);
    scenario.timer("web");
    scenario.spawned("web");
  }
}

TEST(Restarting, DoesNotDisturbWhatDependsOnAServiceThatCrashed) {
  Scenario scenario({service("db"), service("web", {with_restart(on("db"))})});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::running);
  scenario.timer("db");
  EXPECT_THAT(scenario.spawned("db"), IsEmpty());
}

TEST(Restarting, StopsFollowersFirstAndStartsThemLast) {
  Scenario scenario({service("db"), service("web", {with_restart(on("db"))})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.restart("db"), Contains("signal 15 to web #1"));
  EXPECT_THAT(scenario.killed("web", 15), Contains("signal 15 to db #1"));
  EXPECT_THAT(scenario.killed("db", 15), Contains("spawn db #2"));
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #2"));
}

TEST(Restarting, LeavesAloneWhatDoesNotFollow) {
  Scenario scenario({service("db"), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.restart("db"), Contains("signal 15 to db #1"));
  EXPECT_THAT(scenario.killed("db", 15), Contains("spawn db #2"));
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

TEST(Restarting, TakesFollowersOfAOneshotDownBeforeItRunsAgain) {
  Scenario scenario({service("migrate"), service("web", {with_restart(on_completed("migrate"))})});
  scenario.boot();
  scenario.spawned("migrate");
  scenario.exited("migrate", 0);
  scenario.spawned("web");
  EXPECT_THAT(scenario.restart("migrate"), Contains("signal 15 to web #1"));
  EXPECT_THAT(scenario.killed("web", 15), Contains("spawn migrate #2"));
  scenario.spawned("migrate");
  EXPECT_THAT(scenario.exited("migrate", 0), ElementsAre("spawn web #2"));
}

TEST(Restarting, DoesNotReviveAFollowerThatSomebodyStopped) {
  Scenario scenario({service("db"), service("web", {with_restart(on("db"))})});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  scenario.restart("db");
  scenario.killed("web", 15);
  scenario.killed("db", 15);
  scenario.spawned("db");
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Restarting, PullsUpADependencyThatIsBeingStopped) {
  Scenario scenario({service("db"), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("db");
  scenario.restart("web");
  scenario.killed("web", 15);
  EXPECT_THAT(scenario.killed("db", 15), Contains("spawn db #2"));
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #2"));
}

TEST(Restarting, StartsWhatIsDown) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  scenario.killed("web", 15);
  EXPECT_THAT(scenario.restart("web"), ElementsAre("spawn web #2"));
}

TEST(Restarting, CutsAPauseShort) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.exited("web", 1);
  EXPECT_THAT(scenario.restart("web"), ElementsAre("cancel web's timer", "spawn web #2"));
}

}  // namespace
}  // namespace pid1::model
