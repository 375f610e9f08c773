#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int kTerm = 15;

ServiceSpec final(ServiceSpec spec) {
  spec.restart.condition = RestartCondition::never;
  spec.on_failure = EndAction::ignore;
  return spec;
}

TEST(AFailedDependency, TakesDownInOrderAllThatRequireIt) {
  Scenario scenario({final(service("db")), final(service("web", {on("db")})),
                     final(service("worker", {on("web")})), service("other")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("db", 3), Contains("signal 15 to worker #1"));
  EXPECT_EQ(scenario.phase("web"), Phase::running) << "until worker is gone";
  EXPECT_THAT(scenario.killed("worker", kTerm), Contains("signal 15 to web #1"));
  scenario.killed("web", kTerm);
  EXPECT_EQ(scenario.phase("worker"), Phase::failed);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_EQ(scenario.phase("other"), Phase::running);
}

TEST(AFailedDependency, GivesItsStatusToThoseThatItTakesDown) {
  ServiceSpec web = final(service("web", {on("db")}));
  web.on_failure = EndAction::shutdown;
  Scenario scenario({final(service("db")), web});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 3);
  scenario.killed("web", kTerm);
  EXPECT_THAT(scenario.announced(), Contains("(dependency failed web because of db)"));
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 3"));
}

TEST(AFailedDependency, LeavesThoseAloneThatDoNotRequireIt) {
  Scenario scenario({final(service("cache")), service("web", {optional(on("cache"))})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.exited("cache", 1), IsEmpty());
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

TEST(AFailedDependency, TakesDownNobodyAsLongAsItIsRestarted) {
  ServiceSpec db = service("db");
  db.restart.condition = RestartCondition::always;
  Scenario scenario({db, final(service("web", {on("db")}))});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

TEST(AFailedDependency, TakesAwayThePauseBetweenTwoTries) {
  ServiceSpec web = final(service("web", {on("db")}));
  web.restart.condition = RestartCondition::always;
  Scenario scenario({final(service("db")), web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("web", 1);
  ASSERT_EQ(scenario.phase("web"), Phase::backoff);
  EXPECT_THAT(scenario.exited("db", 1), ElementsAre("cancel web's timer"));
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(AFailedDependency, FailsOneWhoseStartTheSystemRefusedMeanwhile) {
  Scenario scenario({final(service("db")), final(service("web", {on("db")})), service("other")});
  scenario.boot();
  scenario.spawned("db");
  scenario.exited("db", 1);
  scenario.refused("web");
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(AFailedDependency, DoesNotCountAsStartedForWhatComesLater) {
  Scenario scenario(
      {final(service("db")), final(service("web", {on("db"), on("slow")})), service("slow")});
  scenario.boot();
  scenario.spawned("db");
  scenario.exited("db", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_THAT(scenario.spawned("slow"), IsEmpty());
}

TEST(AFailedDependency, LetsAPersonStopWhatItTakesDown) {
  Scenario scenario({final(service("db")), final(service("web", {on("db")})), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 1);
  scenario.stop("web");
  scenario.killed("web", kTerm);
  EXPECT_EQ(scenario.phase("web"), Phase::stopped);
}

TEST(AFailedDependency, ComesBackWithThoseThatAPersonStarts) {
  Scenario scenario({final(service("db")), final(service("web", {on("db")})), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 1);
  EXPECT_THAT(scenario.start("web"), IsEmpty()) << "web is still going down";
  EXPECT_THAT(scenario.killed("web", kTerm), Contains("spawn db #2"));
  EXPECT_EQ(scenario.phase("web"), Phase::waiting);
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #2"));
}

TEST(AFailedDependency, IsNotExcusedByAnOutOfMemoryOfEarlier) {
  ServiceSpec web = final(service("web", {on("db")}));
  web.restart.condition = RestartCondition::always;
  web.on_oom = EndAction::shutdown;
  Scenario scenario({final(service("db")), web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.out_of_memory("web");
  scenario.exited("db", 1);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_FALSE(scenario.world().shutdown_since()) << "it didn't fail for want of memory";
}

TEST(AFailedDependency, EndsNothingWhereItStopsWithItsShutdown) {
  ServiceSpec db = final(service("db"));
  db.on_failure = EndAction::shutdown;
  Scenario scenario({db, final(service("web", {on("db")}))});
  scenario.boot();
  scenario.spawn_all();
  scenario.exited("db", 1);
  scenario.killed("web", kTerm);
  EXPECT_EQ(scenario.phase("web"), Phase::stopped) << "as asked, by the shutdown";
}

}  // namespace
}  // namespace pid1::model
