#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kTerm = 15;

ServiceSpec db_that_says_so(std::optional<Duration> timeout = std::nullopt) {
  ServiceSpec db = service("db");
  db.readiness.kind = Readiness::Kind::notify;
  db.readiness.timeout = timeout;
  db.restart.condition = RestartCondition::never;
  db.on_failure = EndAction::ignore;
  return db;
}

TEST(Readiness, IsWaitedForByThoseThatAskForHealth) {
  Scenario scenario({db_that_says_so(), service("web", {on_healthy("db")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), IsEmpty());
  EXPECT_THAT(scenario.ready("db"), ElementsAre("spawn web #1"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(ready db)"));
}

TEST(Readiness, IsNotWaitedForByThoseThatAskForAStart) {
  Scenario scenario({db_that_says_so(), service("web", {on("db")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("spawn web #1"));
}

TEST(Readiness, HasNoLimitUnlessOneIsSet) {
  Scenario scenario({db_that_says_so()});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), IsEmpty());
}

TEST(Readiness, FailsTheStartWhenItsTimeIsOver) {
  Scenario scenario({db_that_says_so(seconds(5)), service("other")});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), ElementsAre("arm db's timer for 5 s"));
  EXPECT_THAT(scenario.timer("db"), Contains("signal 15 to db #1"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(condemned db: not ready)"));
  scenario.exited("db", 0);
  EXPECT_EQ(scenario.phase("db"), Phase::failed);
}

TEST(Readiness, HasItsLimitTakenAwayWhenItIsSaid) {
  Scenario scenario({db_that_says_so(seconds(5))});
  scenario.boot();
  scenario.spawned("db");
  EXPECT_THAT(scenario.ready("db"), ElementsAre("cancel db's timer"));
}

TEST(Readiness, CountsWhatWasNeverReadyAsNoRunAtAll) {
  ServiceSpec db = db_that_says_so(seconds(5));
  db.restart = {.condition = RestartCondition::on_failure, .delay = seconds(1)};
  Scenario scenario({db, service("other")});
  scenario.boot();
  scenario.spawned("db");
  scenario.timer("db");
  scenario.killed("db", kTerm);
  EXPECT_EQ(scenario.phase("db"), Phase::backoff) << "five seconds are no good run";
}

TEST(Readiness, IsExtendedByAServiceThatNeedsLonger) {
  Scenario scenario({db_that_says_so(seconds(5)), service("other")});
  scenario.boot();
  scenario.spawned("db");
  scenario.pass(seconds(4));
  EXPECT_THAT(scenario.asks_for("db", seconds(10)), IsEmpty()) << "the timer looks again";
  EXPECT_THAT(scenario.timer("db"), ElementsAre("arm db's timer for 9 s"));
  EXPECT_THAT(scenario.timer("db"), Contains("signal 15 to db #1"));
}

TEST(Readiness, OfAnEarlierIncarnationCountsForNothing) {
  Scenario scenario({db_that_says_so(), service("web", {on_healthy("db")})});
  scenario.boot();
  scenario.spawned("db");
  scenario.restart("db");
  scenario.killed("db", kTerm);
  scenario.spawned("db");
  EXPECT_THAT(scenario.ready("db"), ElementsAre("spawn web #1"));
}

TEST(Readiness, CannotComeAnyMoreOfOneThatEndedForGood) {
  ServiceSpec web = service("web", {on_healthy("db")});
  web.on_failure = EndAction::ignore;
  Scenario scenario({db_that_says_so(), web, service("other")});
  scenario.boot();
  scenario.spawned("db");
  scenario.exited("db", 0);
  EXPECT_EQ(scenario.phase("db"), Phase::exited);
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
}

TEST(Readiness, IsOverWithTheStopOfOneThatIsHeldByItsDependents) {
  Scenario scenario({db_that_says_so(seconds(5)), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  scenario.signal(kTerm);
  EXPECT_THAT(scenario.timer("db"), IsEmpty()) << "it stops after web, not for being late";
  EXPECT_EQ(scenario.phase("db"), Phase::running);
}

}  // namespace
}  // namespace pid1::model
