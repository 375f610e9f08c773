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

constexpr int kTerm = 15;
constexpr auto kWell = ProbeResult::healthy;
constexpr auto kBadly = ProbeResult::unhealthy;
constexpr auto kUnknown = ProbeResult::unknown;

ServiceSpec checked(EndAction on_unhealthy = EndAction::ignore) {
  ServiceSpec db = service("db");
  db.health = HealthCheck{.probe = TcpProbe{},
                          .interval = seconds(30),
                          .timeout = seconds(5),
                          .retries = 3,
                          .start_period = seconds(60),
                          .start_interval = seconds(10)};
  db.on_unhealthy = on_unhealthy;
  db.restart = {.condition = RestartCondition::never, .delay = {}};
  db.on_failure = EndAction::ignore;
  return db;
}

// The checks follow each other, each answered at once.
void check(Scenario& scenario, ProbeResult result, int times = 1) {
  for (int i = 0; i < times; ++i) {
    scenario.check_timer("db");
    scenario.probed("db", result);
  }
}

Scenario::Effects until_unhealthy(Scenario& scenario) {
  check(scenario, kWell);
  check(scenario, kBadly, 2);
  scenario.check_timer("db");
  return scenario.probed("db", kBadly);
}

TEST(HealthCheck, IsStartingUntilAProbeDecides) {
  Scenario scenario({checked()});
  scenario.boot();
  EXPECT_EQ(scenario.health("db"), Health::none);
  scenario.spawned("db");
  EXPECT_EQ(scenario.health("db"), Health::starting);
}

TEST(HealthCheck, ProbesFirstAfterOneStartIntervalSpreadOverATenthOfIt) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  EXPECT_GE(scenario.until_check("db"), seconds(10));
  EXPECT_LT(scenario.until_check("db"), seconds(11));
  EXPECT_THAT(scenario.check_timer("db"),
              ElementsAre("probe db", "arm the check of db's timer for 5 s"));
}

TEST(HealthCheck, ProbesFirstAfterOneIntervalWithoutAStartPeriod) {
  ServiceSpec db = checked();
  db.health->start_period = Duration::zero();
  Scenario scenario({db});
  scenario.boot();
  scenario.spawned("db");
  EXPECT_GE(scenario.until_check("db"), seconds(30));
}

TEST(HealthCheck, ProbesAnIntervalAfterTheEndOfTheProbeBefore) {
  ServiceSpec db = checked();
  db.health->start_period = Duration::zero();
  Scenario scenario({db});
  scenario.boot();
  scenario.spawned("db");
  scenario.check_timer("db");
  scenario.pass(seconds(4));
  EXPECT_THAT(scenario.probed("db", kWell), ElementsAre("arm the check of db's timer for 30 s"));
}

TEST(HealthCheck, ProbesAtTheStartIntervalUntilTheFirstSuccess) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kBadly);
  EXPECT_EQ(scenario.until_check("db"), seconds(10));
  check(scenario, kWell);
  EXPECT_EQ(scenario.until_check("db"), seconds(30)) << "in the start period, but not starting";
}

TEST(HealthCheck, IsHealthyWithTheFirstSuccess) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kWell);
  EXPECT_EQ(scenario.health("db"), Health::healthy);
  EXPECT_THAT(scenario.announced(), ElementsAre("(healthy db)"));
}

TEST(HealthCheck, ForgivesFailuresWithinTheStartPeriod) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kBadly, 5);
  EXPECT_EQ(scenario.health("db"), Health::starting);
}

TEST(HealthCheck, CountsAFailureOrNotByWhenItsProbeBegan) {
  ServiceSpec db = checked();
  db.health->retries = 1;
  db.health->start_period = seconds(12);
  Scenario scenario({db});
  scenario.boot();
  scenario.spawned("db");
  scenario.check_timer("db");
  scenario.pass(seconds(4));
  scenario.probed("db", kBadly);
  EXPECT_EQ(scenario.health("db"), Health::starting) << "it began within the start period";
  check(scenario, kBadly);
  EXPECT_EQ(scenario.health("db"), Health::unhealthy);
}

TEST(HealthCheck, CountsFailuresWithinTheStartPeriodAfterASuccess) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kWell);
  check(scenario, kBadly, 2);
  EXPECT_EQ(scenario.health("db"), Health::healthy);
  check(scenario, kBadly);
  EXPECT_EQ(scenario.health("db"), Health::unhealthy);
  EXPECT_THAT(scenario.announced(), ElementsAre("(unhealthy db)"));
}

TEST(HealthCheck, WantsItsFailuresInARow) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kWell);
  check(scenario, kBadly, 2);
  check(scenario, kWell);
  check(scenario, kBadly, 2);
  EXPECT_EQ(scenario.health("db"), Health::healthy);
}

TEST(HealthCheck, IsHealthyAgainWithOneSuccess) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawned("db");
  until_unhealthy(scenario);
  check(scenario, kWell);
  EXPECT_EQ(scenario.health("db"), Health::healthy);
}

TEST(HealthCheck, TakesATimeoutForAFailureAndStopsTheProbe) {
  ServiceSpec db = checked();
  db.health->retries = 1;
  db.health->start_period = Duration::zero();
  Scenario scenario({db});
  scenario.boot();
  scenario.spawned("db");
  scenario.check_timer("db");
  EXPECT_THAT(scenario.check_timer("db"),
              ElementsAre("stop the probe of db", "arm the check of db's timer for 30 s"));
  EXPECT_EQ(scenario.health("db"), Health::unhealthy);
  EXPECT_THAT(scenario.probed("db", kWell), IsEmpty()) << "its answer is late";
  EXPECT_EQ(scenario.health("db"), Health::unhealthy);
}

TEST(HealthCheck, CountsNothingWhereThereWereNoResourcesToTry) {
  ServiceSpec db = checked();
  db.health->retries = 1;
  db.health->start_period = Duration::zero();
  Scenario scenario({db});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kUnknown, 3);
  EXPECT_EQ(scenario.health("db"), Health::starting);
}

TEST(HealthCheck, IsWaitedForByThoseThatAskForIt) {
  Scenario scenario({checked(), service("web", {on_healthy("db")})});
  scenario.boot();
  EXPECT_THAT(scenario.spawned("db"), ElementsAre(::testing::StartsWith("arm the check of db's")));
  scenario.check_timer("db");
  EXPECT_THAT(scenario.probed("db", kWell), Contains("spawn web #1"));
}

TEST(HealthCheck, AsWellAsReadinessIsWaitedForWhereBothAreTold) {
  ServiceSpec db = checked();
  db.readiness.kind = Readiness::Kind::notify;
  Scenario scenario({db, service("web", {on_healthy("db")})});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kWell);
  EXPECT_EQ(scenario.phase("web"), Phase::waiting);
  EXPECT_THAT(scenario.ready("db"), ElementsAre("spawn web #1"));
}

TEST(HealthCheck, LeavesThoseThatRunAloneWhenItFails) {
  Scenario scenario({checked(), service("web", {on_healthy("db")})});
  scenario.boot();
  scenario.spawned("db");
  check(scenario, kWell);
  scenario.spawned("web");
  check(scenario, kBadly, 3);
  EXPECT_EQ(scenario.phase("web"), Phase::running);
}

TEST(HealthCheck, EndsWithTheServiceAndBeginsAnewWithIt) {
  Scenario scenario({checked(), service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.check_timer("db");
  EXPECT_THAT(scenario.stop("db"), Contains("stop the probe of db"));
  EXPECT_EQ(scenario.health("db"), Health::none);
  scenario.killed("db", kTerm);
  scenario.start("db");
  scenario.spawned("db");
  EXPECT_EQ(scenario.health("db"), Health::starting);
}

TEST(HealthCheck, EndsWithTheShutdown) {
  Scenario scenario({checked(), service("web", {on("db")})});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kTerm), Contains("cancel the check of db's timer"));
}

TEST(OnUnhealthy, RestartsWhateverTheRestartPolicySays) {
  Scenario scenario({checked(EndAction::restart), service("other")});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(until_unhealthy(scenario), Contains("signal 15 to db #1"));
  EXPECT_THAT(scenario.announced(), ElementsAre("(unhealthy db)", "(condemned db: unhealthy)"));
  EXPECT_THAT(scenario.exited("db", 0), Contains("spawn db #2"));
}

TEST(OnUnhealthy, GivesUpWhereThePolicysLimitIsReached) {
  ServiceSpec db = checked(EndAction::restart);
  db.restart.max_attempts = 1;
  db.restart.window = std::chrono::hours(1);
  Scenario scenario({db, service("other")});
  scenario.boot();
  scenario.spawn_all();
  until_unhealthy(scenario);
  scenario.exited("db", 0);
  scenario.spawned("db");
  until_unhealthy(scenario);
  scenario.exited("db", 0);
  EXPECT_EQ(scenario.phase("db"), Phase::failed);
  EXPECT_THAT(scenario.announced(), Contains("(gave up db)"));
}

TEST(OnUnhealthy, EndsTheContainerWithOne) {
  Scenario scenario({checked(EndAction::shutdown)});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(until_unhealthy(scenario), Contains("signal 15 to db #1"));
  EXPECT_EQ(scenario.world().core().cause()->kind, ShutdownCause::Kind::service_unhealthy);
  scenario.exited("db", 0);
  EXPECT_THAT(scenario.all_reaped(), Contains("finish with 1"));
}

TEST(OnUnhealthy, MeansNothingWhereItIsIgnored) {
  Scenario scenario({checked()});
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(until_unhealthy(scenario), ElementsAre("arm the check of db's timer for 30 s"));
}

}  // namespace
}  // namespace pid1::model
