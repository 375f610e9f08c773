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

constexpr int kAbort = 6;
constexpr int kTerm = 15;

ServiceSpec watched(Duration limit) {
  ServiceSpec web = service("web");
  web.watchdog = limit;
  web.restart.condition = RestartCondition::never;
  web.on_failure = EndAction::ignore;
  return web;
}

TEST(Watchdog, TakesSilenceForAHangAndAsksForADump) {
  Scenario scenario({watched(seconds(30)), service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("web"), ElementsAre("arm web's timer for 30 s"));
  EXPECT_THAT(scenario.timer("web"),
              ElementsAre("signal 6 to web #1", "signal 18 to web #1", "arm web's timer for 10 s"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(condemned web: silent)"));
  scenario.killed("web", kAbort);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(Watchdog, IsPutOffByASignOfLife) {
  Scenario scenario({watched(seconds(30))});
  scenario.boot();
  scenario.spawned("web");
  scenario.pass(seconds(20));
  EXPECT_THAT(scenario.alive("web"), IsEmpty()) << "often, and so it must cost nothing";
  EXPECT_THAT(scenario.timer("web"), ElementsAre("arm web's timer for 20 s"));
}

TEST(Watchdog, CountsFromReadinessOn) {
  ServiceSpec web = watched(seconds(30));
  web.readiness.kind = Readiness::Kind::notify;
  Scenario scenario({web});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("web"), IsEmpty());
  EXPECT_THAT(scenario.ready("web"), ElementsAre("arm web's timer for 30 s"));
}

TEST(Watchdog, IsChangedByTheServiceItself) {
  Scenario scenario({watched(seconds(30))});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.sets_watchdog("web", seconds(5)), ElementsAre("arm web's timer for 5 s"));
}

TEST(Watchdog, BelievesAServiceThatSaysItHangs) {
  ServiceSpec web = watched(seconds(30));
  web.hooks.pre_stop = {hook()};
  Scenario scenario({web, service("other")});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.hangs("web"), Contains("signal 6 to web #1"))
      << "nothing can be said to it before";
}

TEST(Watchdog, LetsNothingStopBeforeItsDependents) {
  Scenario scenario({watched(seconds(1)), service("worker", {on("web")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.hangs("web"), IsEmpty());
  EXPECT_THAT(scenario.killed("worker", kTerm), Contains("signal 15 to web #1"));
}

TEST(MaxRuntime, StopsWhatRunsTooLongAndThatIsAFailure) {
  ServiceSpec job = service("job");
  job.max_runtime = seconds(60);
  job.restart.condition = RestartCondition::never;
  job.on_failure = EndAction::ignore;
  Scenario scenario({job, service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("job"), ElementsAre("arm job's timer for 60 s"));
  EXPECT_THAT(scenario.timer("job"), Contains("signal 15 to job #1"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(condemned job: overran)"));
  scenario.exited("job", 0);
  EXPECT_EQ(scenario.phase("job"), Phase::failed);
}

TEST(MaxRuntime, CountsForEachRunAnew) {
  ServiceSpec job = service("job");
  job.max_runtime = seconds(60);
  job.restart = {.condition = RestartCondition::always, .max_attempts = 0, .delay = {}};
  Scenario scenario({job});
  scenario.boot();
  scenario.spawned("job");
  scenario.pass(seconds(59));
  EXPECT_THAT(scenario.exited("job", 0), Contains("cancel job's timer"));
  EXPECT_THAT(scenario.spawned("job"), ElementsAre("arm job's timer for 60 s"));
}

TEST(StopExtension, IsGrantedToOneThatStops) {
  Scenario scenario({service("web"), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  EXPECT_THAT(scenario.asks_for("web", seconds(5)), IsEmpty()) << "it has ten";
  EXPECT_THAT(scenario.asks_for("web", seconds(30)), ElementsAre("arm web's timer for 30 s"));
}

ContainerSpec within(Duration budget) {
  ContainerSpec container;
  container.stop_grace_period = budget;
  return container;
}

TEST(StopExtension, InAShutdownLeavesWhatItDependsOnItsTime) {
  ServiceSpec web = service("web");
  web.depends_on = {{.service = "db"}};
  Scenario scenario({service("db"), web}, within(seconds(60)));
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.asks_for("web", seconds(5)), IsEmpty()) << "it has ten";
  EXPECT_THAT(scenario.asks_for("web", seconds(30)), ElementsAre("arm web's timer for 30 s"));
  // 60 s, less 1.5 s for what is left then, less 10 s for db.
  EXPECT_THAT(scenario.asks_for("web", seconds(300)), ElementsAre("arm web's timer for 48.5 s"));
}

TEST(StopExtension, InAShutdownIsNoneWhereTheTimeIsSharedOut) {
  ServiceSpec web = service("web");
  web.depends_on = {{.service = "db"}};
  Scenario scenario({service("db"), web}, within(seconds(10)));
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.asks_for("web", seconds(30)), IsEmpty());
}

TEST(StopExtension, IsGrantedWhileAHookBeforeTheStopSignalRuns) {
  ServiceSpec web = service("web");
  web.hooks.pre_stop.resize(1);
  Scenario scenario({web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.stop("web");
  EXPECT_THAT(scenario.asks_for("web", seconds(30)), IsEmpty());
  EXPECT_THAT(scenario.hook_exited("web", 0), Contains("arm web's timer for 30 s"));
}

}  // namespace
}  // namespace pid1::model
