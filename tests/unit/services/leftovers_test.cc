#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kHup = 1;
constexpr int kInt = 2;
constexpr int kUser2 = 12;
constexpr int kTerm = 15;

using Stage = Orchestrator::Stage;
using Kind = SignalRule::Kind;

// One program under an init: its end is the container's, and every signal goes to it.
ServiceSpec program() {
  ServiceSpec spec = service("app");
  spec.restart.condition = RestartCondition::never;
  spec.on_success = spec.on_failure = EndAction::shutdown;
  spec.stop.kill_mode = KillMode::process;
  return spec;
}

ContainerSpec with(LeftoverPolicy leftovers) {
  ContainerSpec container;
  for (SignalRule& rule : container.signals) rule = {.kind = Kind::forward, .only = {}};
  container.leftovers = leftovers;
  container.stop_grace_period = hours(1);
  return container;
}

Stage stage_of(const Scenario& scenario) { return scenario.world().core().stage(); }

class Leftovers : public ::testing::Test {
 protected:
  // The program runs, and ends by itself.
  static Scenario::Effects end(Scenario& scenario, int code) {
    scenario.boot();
    scenario.spawned("app");
    return scenario.exited("app", code);
  }
};

TEST_F(Leftovers, HaveTheirGraceAndTheProgramsCodeStays) {
  Scenario scenario({program()}, with({.grace = seconds(30)}));
  EXPECT_THAT(end(scenario, 3),
              ElementsAre("arm the container's timer for 3599 s", "signal 15 to the rest",
                          "arm the container's timer for 30 s"));
  EXPECT_THAT(scenario.container_timer(),
              ElementsAre("signal 9 to the rest", "arm the container's timer for 1 s"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 3"));
}

TEST_F(Leftovers, HaveNoMoreThanTheBudget) {
  ContainerSpec container = with({.grace = seconds(30)});
  container.stop_grace_period = seconds(5);
  Scenario scenario({program()}, container);
  EXPECT_THAT(end(scenario, 0), Contains("arm the container's timer for 5 s"));
}

TEST_F(Leftovers, AreLeftToTheKernelWhereTheyHaveNoGrace) {
  Scenario scenario({program()}, with({.grace = Duration::zero()}));
  EXPECT_THAT(end(scenario, 3), ElementsAre("arm the container's timer for 3599 s",
                                            "cancel the container's timer", "finish with 3"));
}

TEST_F(Leftovers, AreWaitedForAsLongAsTheyLive) {
  Scenario scenario({program()}, with({.awaited = true}));
  EXPECT_THAT(end(scenario, 3), ElementsAre("arm the container's timer for 3599 s",
                                            "cancel the container's timer", "await the rest"));
  EXPECT_THAT(scenario.announced(), Contains("(lingering)"));
  scenario.pass(hours(24));
  EXPECT_THAT(scenario.all_reaped(), ElementsAre("finish with 3"));
}

TEST_F(Leftovers, GetTheSignalThatAsksForTheEnd) {
  Scenario scenario({program()}, with({.awaited = true, .grace = seconds(30)}));
  end(scenario, 0);
  scenario.pass(hours(24));
  EXPECT_THAT(scenario.signal(kInt),
              ElementsAre("signal 2 to the rest", "arm the container's timer for 30 s"));
  EXPECT_EQ(stage_of(scenario), Stage::sweeping);
}

TEST_F(Leftovers, GetItAsTheRuleSays) {
  ContainerSpec container = with({.awaited = true});
  container.signals[kTerm].as = kUser2;
  Scenario scenario({program()}, container);
  end(scenario, 0);
  EXPECT_THAT(scenario.signal(kTerm), Contains("signal 12 to the rest"));
}

TEST_F(Leftovers, GetTheSignalAndAllTheTimeWhereTheyAreAwaitedWithoutGrace) {
  Scenario scenario({program()}, with({.awaited = true, .grace = Duration::zero()}));
  end(scenario, 3);
  EXPECT_THAT(scenario.signal(kTerm), ElementsAre("signal 15 to the rest"));
  EXPECT_THAT(scenario.signal(kInt), ElementsAre("signal 2 to the rest"));
  scenario.pass(hours(24));
  EXPECT_EQ(stage_of(scenario), Stage::lingering);
  EXPECT_THAT(scenario.all_reaped(), ElementsAre("finish with 3"));
}

TEST_F(Leftovers, GetThemAlsoWhereTheProgramWasSentWhatAsksForTheEnd) {
  Scenario scenario({program()}, with({.awaited = true, .grace = Duration::zero()}));
  scenario.boot();
  scenario.spawned("app");
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.killed("app", kTerm), Contains("signal 15 to the rest"));
  EXPECT_EQ(stage_of(scenario), Stage::lingering);
  EXPECT_THAT(scenario.all_reaped(), ElementsAre("finish with 143"));
}

TEST_F(Leftovers, GetWhatIsForwardedWhileTheyAreAwaited) {
  ContainerSpec container = with({.awaited = true});
  container.signals[kUser2].kind = Kind::ignore;
  Scenario scenario({program()}, container);
  end(scenario, 0);
  EXPECT_THAT(scenario.signal(kHup), ElementsAre("signal 1 to the rest"));
  EXPECT_THAT(scenario.signal(kUser2), IsEmpty());
  EXPECT_EQ(stage_of(scenario), Stage::lingering);
}

TEST_F(Leftovers, GetNothingThatGoesToOneServiceOnly) {
  ContainerSpec container = with({.awaited = true});
  container.signals[kHup].only = {{"app", kHup}};
  Scenario scenario({program()}, container);
  end(scenario, 0);
  EXPECT_THAT(scenario.signal(kHup), IsEmpty());
}

TEST_F(Leftovers, AreKilledByASecondInterrupt) {
  Scenario scenario({program()}, with({.awaited = true}));
  end(scenario, 0);
  scenario.signal(kInt);
  EXPECT_THAT(scenario.signal(kInt), Contains("signal 9 to the rest"));
  EXPECT_TRUE(scenario.world().core().hurried());
}

TEST_F(Leftovers, AreKilledByAnInterruptDuringTheSweepThoughItIsForwarded) {
  Scenario scenario({program()}, with({}));
  end(scenario, 0);
  EXPECT_THAT(scenario.signal(kTerm), IsEmpty());
  EXPECT_THAT(scenario.signal(kHup), IsEmpty());
  EXPECT_THAT(scenario.signal(kInt), Contains("signal 9 to the rest"));
}

TEST_F(Leftovers, AreNotKilledByAnInterruptThatIsIgnored) {
  ContainerSpec container = with({});
  container.signals[kInt].kind = Kind::ignore;
  Scenario scenario({program()}, container);
  end(scenario, 0);
  EXPECT_THAT(scenario.signal(kInt), IsEmpty());
}

TEST_F(Leftovers, AreNotWaitedForWhereTheEndWasAskedFor) {
  ContainerSpec container;
  container.leftovers.awaited = true;
  Scenario scenario({service("web")}, container);
  scenario.boot();
  scenario.spawned("web");
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.killed("web", kTerm), Contains("signal 15 to the rest"));
}

TEST_F(Leftovers, AreNotWaitedForWhereTheEndWasAskedForWhileTheServicesStopped) {
  ContainerSpec container;
  container.leftovers.awaited = true;
  Scenario scenario({program(), service("db")}, container);
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("app", 3), Contains("signal 15 to db #1"));
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.killed("db", kTerm), Contains("signal 15 to the rest"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 3"));
}

TEST_F(Leftovers, AreNotWaitedForWhereTheProgramWasSentWhatAsksForTheEnd) {
  ContainerSpec container = with({.awaited = true});
  Scenario scenario({program()}, container);
  scenario.boot();
  scenario.spawned("app");
  EXPECT_THAT(scenario.signal(kTerm), ElementsAre("signal 15 to app #1"));
  EXPECT_THAT(scenario.killed("app", kTerm), Contains("signal 15 to the rest"));
}

TEST_F(Leftovers, AreNotWaitedForWhereTheServicesHadToBeKilled) {
  ContainerSpec container;
  container.leftovers.awaited = true;
  Scenario scenario({program(), service("db")}, container);
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("app", 0);
  scenario.container_timer();
  EXPECT_THAT(scenario.killed("db", 9), Contains("signal 9 to the rest"));
}

TEST(Program, CanBeEndedWhileItCannotBeStarted) {
  Scenario scenario({program()}, with({}));
  scenario.boot();
  scenario.refused("app");
  EXPECT_THAT(scenario.signal(kHup), IsEmpty());
  EXPECT_THAT(scenario.signal(kTerm), Contains("cancel app's timer"));
  EXPECT_EQ(scenario.world().core().cause()->kind, ShutdownCause::Kind::asked);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 0"));
}

TEST(Program, ThatHasNeverRunIsNoSuccessWhereItMustStart) {
  for (const int signo : {kInt, kTerm}) {
    ContainerSpec container = with({});
    container.must_start = true;
    Scenario scenario({program()}, container);
    scenario.boot();
    scenario.refused("app");
    scenario.signal(signo);
    EXPECT_THAT(scenario.all_reaped(), Contains("finish with " + std::to_string(128 + signo)));
  }
}

TEST(Program, GetsWhatAsksForTheEndAsLongAsItRuns) {
  Scenario scenario({program()}, with({}));
  scenario.boot();
  scenario.spawned("app");
  EXPECT_THAT(scenario.signal(kTerm), ElementsAre("signal 15 to app #1"));
  EXPECT_THAT(scenario.signal(kInt), ElementsAre("signal 2 to app #1"));
  EXPECT_THAT(scenario.signal(kInt), ElementsAre("signal 2 to app #1"));
  EXPECT_THAT(scenario.killed("app", kTerm), Contains("signal 15 to the rest"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 143"));
}

TEST(Program, SharesWhatIsForwardedWithItsGroupWhereTheRuleSaysSo) {
  ContainerSpec container = with({});
  container.signals[kHup].scope = SignalScope::group;
  container.signals[kUser2] = {
      .kind = Kind::forward, .only = {{"app", kHup}}, .scope = SignalScope::group};
  Scenario scenario({program()}, container);
  scenario.boot();
  scenario.spawned("app");
  EXPECT_THAT(scenario.signal(kHup), ElementsAre("signal 1 to the group of app #1"));
  EXPECT_THAT(scenario.signal(kUser2), ElementsAre("signal 1 to the group of app #1"));
  EXPECT_THAT(scenario.signal(kTerm), ElementsAre("signal 15 to app #1"));
}

TEST(Staying, GoesOnWithNoServiceAtAllUntilTheEndIsAskedFor) {
  ContainerSpec container = with({.grace = Duration::zero()});
  container.stays = true;
  Scenario scenario({}, container);
  EXPECT_THAT(scenario.boot(), IsEmpty());
  EXPECT_THAT(scenario.signal(kHup), IsEmpty());
  EXPECT_EQ(stage_of(scenario), Stage::supervising);
  EXPECT_THAT(scenario.signal(kInt), Contains("finish with 0"));
}

TEST(Staying, IsNotMeantToLastWithoutAServiceUnlessTheContainerStays) {
  Scenario scenario({});
  EXPECT_THAT(scenario.boot(), Contains("signal 15 to the rest"));
}

TEST(Staying, GoesOnWhenNothingIsLeftToRunAndStartsAgainOnRequest) {
  ContainerSpec container;
  container.stays = true;
  Scenario scenario({service("job")}, container);
  scenario.boot();
  scenario.spawned("job");
  EXPECT_THAT(scenario.exited("job", 0), IsEmpty());
  EXPECT_THAT(scenario.start("job"), ElementsAre("spawn job #2"));
}

TEST(Staying, DoesNotOutliveAServiceWhoseEndIsTheContainers) {
  ContainerSpec container = with({});
  container.stays = true;
  Scenario scenario({program()}, container);
  scenario.boot();
  scenario.spawned("app");
  EXPECT_THAT(scenario.exited("app", 0), Not(IsEmpty()));
  EXPECT_EQ(stage_of(scenario), Stage::sweeping);
}

}  // namespace
}  // namespace pid1::model
