#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Stopping, SendsTheStopSignalAndContinuesAProcessThatStoppedItself) {
  ServiceSpec web = service("web");
  web.stop.signal = 3;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.stop("web"),
              ElementsAre("signal 3 to web #1", "signal 18 to web #1", "arm web's timer for 10 s"));
  EXPECT_THAT(scenario.exited("web", 0), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, KillsTheGroupWhenTheGracePeriodIsOver) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.timer("web"), ElementsAre("signal 9 to the group of web #1"));
  scenario.killed("web", 9);
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, KillsNothingButTheProcessInKillModeProcess) {
  ServiceSpec web = service("web");
  web.stop.kill_mode = KillMode::process;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.stop("web"), Contains("signal 15 to web #1"));
  EXPECT_THAT(scenario.timer("web"), ElementsAre("signal 9 to web #1"));
  EXPECT_THAT(scenario.killed("web", 9, GroupState::populated), IsEmpty());
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, KillsTheRestOfTheGroupAfterItsMainProcessInKillModeMixed) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  EXPECT_THAT(
      scenario.exited("web", 0, GroupState::populated),
      AllOf(Contains("watch the group of web"), Contains("signal 9 to the group of web #1")));
  EXPECT_EQ(scenario.phase("web"), Phase::draining);
  scenario.group_emptied("web");
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, LeavesTheRestOfTheGroupItsGracePeriodInKillModeGroup) {
  ServiceSpec web = service("web");
  web.stop.kill_mode = KillMode::group;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.stop("web"), Contains("signal 15 to the group of web #1"));
  EXPECT_THAT(scenario.exited("web", 0, GroupState::populated),
              ElementsAre("watch the group of web"));
  EXPECT_THAT(scenario.timer("web"),
              ElementsAre("signal 9 to the group of web #1", "arm web's timer for 1 s"));
  scenario.group_emptied("web");
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, GoesOnWithoutAGroupThatEvenSigkillDoesNotEmpty) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  scenario.exited("web", 0, GroupState::populated);
  scenario.timer("web");
  EXPECT_THAT(scenario.announced(), Contains("(group left web)"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, StopsWhatNeedsTheServiceBeforeIt) {
  Scenario scenario({service("db"), service("web", {on("db")}), service("proxy", {on("web")})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.stop("db"), Contains("signal 15 to proxy #1"));
  EXPECT_THAT(scenario.killed("proxy", 15), Contains("signal 15 to web #1"));
  EXPECT_THAT(scenario.killed("web", 15), Contains("signal 15 to db #1"));
}

TEST(Stopping, LeavesWhatDoesNotNeedTheServiceAlone) {
  Scenario scenario({service("cache"), service("web", {optional(on("cache"))})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.stop("cache"), Contains("signal 15 to cache #1"));
  scenario.killed("cache", 15);
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

TEST(Stopping, ForgetsAPause) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.exited("web", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::backoff);
  EXPECT_THAT(scenario.stop("web"), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, StopsAServiceThatIsBeingStartedAsSoonAsItRuns) {
  Scenario scenario({service("web")});
  scenario.boot();
  EXPECT_THAT(scenario.stop("web"), IsEmpty());
  EXPECT_THAT(scenario.spawned("web"), Contains("signal 15 to web #1"));
}

TEST(Stopping, TakesAStartThatFailedMeanwhileForStopped) {
  Scenario scenario({service("web"), service("other")});
  scenario.boot();
  scenario.stop("web");
  EXPECT_THAT(scenario.not_executable("web"), IsEmpty());
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
  scenario.start("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.refused("web"),
              ElementsAre(testing::HasSubstr("arm"), "cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, DoesNotRestartWhatEndsWhileItIsBeingStopped) {
  ServiceSpec web = service("web");
  web.restart.condition = RestartCondition::always;
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.exited("web", 1), ElementsAre("cancel web's timer"));
}

TEST(Stopping, StartsAgainWhatIsAskedForMeanwhile) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.start("web"), IsEmpty());
  EXPECT_THAT(scenario.killed("web", 15), Contains("spawn web #2"));
}

TEST(Stopping, StopsForGoodWhenTheLastWordIsStop) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  scenario.start("web");
  scenario.stop("web");
  EXPECT_THAT(scenario.killed("web", 15), Not(Contains("spawn web #2")));
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(Stopping, KeepsTheContainerWhereAPersonStoppedTheLastService) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  scenario.stop("web");
  scenario.killed("web", 15);
  EXPECT_EQ(scenario.world().core().stage(), Orchestrator::Stage::supervising);
  EXPECT_THAT(scenario.start("web"), ElementsAre("spawn web #2"));
}

TEST(Stopping, DoesNothingToWhatHasEnded) {
  Scenario scenario({service("once"), service("web", {on_completed("once")})});
  scenario.boot();
  scenario.spawned("once");
  scenario.exited("once", 0);
  scenario.spawned("web");
  EXPECT_THAT(scenario.stop("once"), IsEmpty());
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

}  // namespace
}  // namespace pid1::model
