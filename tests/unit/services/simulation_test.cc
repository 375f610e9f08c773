#include "services/simulation/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/fact_names.h"

namespace pid1 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

ServiceSpec service(std::string name, std::vector<Dependency> depends_on = {}) {
  ServiceSpec spec;
  spec.name = std::move(name);
  spec.depends_on = std::move(depends_on);
  return spec;
}

ServiceSpec checked(std::string name, EndAction on_unhealthy) {
  ServiceSpec spec = service(std::move(name));
  spec.health = HealthCheck{.probe = TcpProbe{}, .interval = seconds(5), .retries = 2};
  spec.on_unhealthy = on_unhealthy;
  return spec;
}

Dependency followed(std::string name) {
  Dependency dependency;
  dependency.service = std::move(name);
  dependency.restart = true;
  return dependency;
}

// "0 started db", in milliseconds.
struct Outcome {
  std::vector<std::string> facts;
  std::optional<int> exit_code;
  Duration took{};
  std::size_t missed = 0;
};

Outcome simulate(std::vector<ServiceSpec> services, Circumstances circumstances = {}) {
  const Plan plan = std::get<Plan>(Plan::create(std::move(services)));
  Simulation simulation(plan, std::move(circumstances));
  Outcome outcome;
  simulation.run([&](Duration at, const Event&, const Commands& commands) {
    for (const Command& command : commands) {
      const auto* fact = std::get_if<Announce>(&command);
      if (fact == nullptr || fact->service == kNoService) continue;
      const auto time = std::chrono::duration_cast<milliseconds>(at).count();
      outcome.facts.push_back(std::to_string(time) + " " + std::string(name_of(fact->fact)) + " " +
                              plan[fact->service].name);
    }
  });
  outcome.exit_code = simulation.exit_code();
  outcome.took = simulation.elapsed();
  outcome.missed = simulation.missed().size();
  return outcome;
}

Circumstances with(std::vector<Incident> incidents) {
  Circumstances circumstances;
  circumstances.incidents = std::move(incidents);
  return circumstances;
}

constexpr ServiceId kFirst{0};

TEST(Simulation, StopsWhatHasComeToRestInOrder) {
  const Outcome outcome = simulate({service("db"), service("web", {{.service = "db"}})});
  EXPECT_THAT(outcome.facts, ElementsAre("0 started db", "0 started web", "0 stopping web",
                                         "100 stopped web", "100 stopping db", "200 stopped db"));
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST(Simulation, LetsAOneshotSucceedAfterAMoment) {
  ServiceSpec migrate = service("migrate");
  migrate.type = ServiceType::oneshot;
  const Outcome outcome = simulate(
      {migrate, service("web", {{.service = "migrate", .condition = Condition::completed}})});
  EXPECT_THAT(outcome.facts, AllOf(Contains("100 completed migrate"), Contains("100 started web")));
}

TEST(Simulation, EndsByItselfWhereNothingIsLeftToRun) {
  ServiceSpec job = service("job");
  job.type = ServiceType::oneshot;
  const Outcome outcome = simulate({job});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.took, Simulation::kMoment);
}

TEST(Simulation, EndsAServiceWhenItIsToldTo) {
  ServiceSpec web = service("web");
  web.restart.condition = RestartCondition::never;
  const Outcome outcome =
      simulate({web}, with({{.service = kFirst, .at = seconds(30), .code = 3}}));
  EXPECT_THAT(outcome.facts, Contains("30000 failed web"));
  EXPECT_EQ(outcome.exit_code, 3);
}

TEST(Simulation, RestartsAsThePolicySays) {
  const Outcome outcome =
      simulate({service("web")}, with({{.service = kFirst, .at = seconds(30)}}));
  EXPECT_THAT(outcome.facts, Contains("30000 restarting web"));
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST(Simulation, TellsOfAnIncidentThatFoundNothingToBefall) {
  ServiceSpec job = service("job");
  job.type = ServiceType::oneshot;
  const Outcome outcome =
      simulate({job, service("web")}, with({{.service = kFirst, .at = seconds(30)}}));
  EXPECT_EQ(outcome.missed, 1u);
}

TEST(Simulation, KillsADeafServiceAfterItsGracePeriod) {
  ServiceSpec web = service("web");
  web.stop.grace = seconds(2);
  Circumstances circumstances;
  circumstances.deaf = {kFirst};
  const Outcome outcome = simulate({web}, circumstances);
  EXPECT_THAT(outcome.facts, Contains("2000 killing web"));
}

TEST(Simulation, MakesAServiceReadyNoEarlierThanItIsTold) {
  ServiceSpec db = service("db");
  db.readiness.kind = Readiness::Kind::notify;
  const ServiceSpec web = service("web", {{.service = "db", .condition = Condition::healthy}});
  EXPECT_THAT(simulate({db, web}).facts, Contains("0 started web"));
  const Incident late{.kind = Incident::Kind::becomes_ready, .service = kFirst, .at = seconds(4)};
  EXPECT_THAT(simulate({db, web}, with({late})).facts, Contains("4000 started web"));
}

TEST(Simulation, LetsTheChecksOfAnUnhealthyServiceFailUntilItIsRestarted) {
  const Incident sick{
      .kind = Incident::Kind::becomes_unhealthy, .service = kFirst, .at = seconds(30)};
  const Outcome outcome = simulate({checked("web", EndAction::restart)}, with({sick}));
  EXPECT_THAT(outcome.facts, Contains(::testing::HasSubstr("condemned web")));
  std::size_t healthy = 0;
  for (const std::string& fact : outcome.facts) healthy += fact.ends_with(" healthy web") ? 1 : 0;
  EXPECT_EQ(healthy, 2u);
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST(Simulation, EndsWithOneWhereAnUnhealthyServiceEndsTheContainer) {
  const Incident sick{
      .kind = Incident::Kind::becomes_unhealthy, .service = kFirst, .at = seconds(30)};
  EXPECT_EQ(simulate({checked("web", EndAction::shutdown)}, with({sick})).exit_code, 1);
}

TEST(Simulation, KeepsTheWatchdogOfAServiceThatRunsAtRest) {
  ServiceSpec web = service("web");
  web.watchdog = seconds(1);
  Circumstances circumstances;
  circumstances.stop_at = seconds(60);
  EXPECT_THAT(simulate({web}, circumstances).facts, Not(Contains("1000 condemned web")));
}

TEST(Simulation, LooksNoFurtherThanItIsTold) {
  Circumstances circumstances;
  circumstances.until = seconds(10);
  const Outcome outcome = simulate({service("web")}, circumstances);
  EXPECT_EQ(outcome.exit_code, std::nullopt);
  EXPECT_THAT(outcome.facts, ElementsAre("0 started web"));
}

TEST(Simulation, RunsEveryHook) {
  ServiceSpec web = service("web");
  ProcessSpec hook;
  hook.argv = {"hook"};
  web.hooks = {{hook}, {hook}, {hook}, {hook}};
  const Outcome outcome = simulate({web});
  EXPECT_THAT(outcome.facts, ElementsAre("100 started web", "200 ready web", "200 stopping web",
                                         "500 stopped web"));
}

TEST(Simulation, AsksForTheEndWhereNothingComesToRest) {
  ServiceSpec web = service("web");
  web.type = ServiceType::oneshot;
  web.restart = {.condition = RestartCondition::always, .max_attempts = 0};
  const Outcome outcome = simulate({web});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_GE(outcome.took, Simulation::kLongest);
}

TEST(Simulation, IsTheSameAgainWithTheSameSeed) {
  ServiceSpec web = service("web");
  const auto fails = with({{.service = kFirst, .at = milliseconds(500)}});
  Circumstances other = fails;
  other.seed = 7;
  const Outcome first = simulate({web}, fails);
  EXPECT_EQ(first.facts, simulate({web}, fails).facts);
  EXPECT_NE(first.facts, simulate({web}, other).facts) << "the pause before the restart";
}

TEST(Simulation, RestartsWhatFollowsTheRestartOfItsDependencyAndNothingElse) {
  Dependency alone;
  alone.service = "db";
  const Outcome outcome =
      simulate({service("db"), service("web", {followed("db")}), service("other", {alone})},
               with({{Incident::Kind::is_restarted, ServiceId{0}, seconds(5)}}));
  EXPECT_THAT(outcome.facts, ::testing::IsSupersetOf({"5000 stopping web", "5100 stopping db",
                                                      "5200 started db", "5200 started web"}));
  EXPECT_THAT(outcome.facts, Not(Contains("5000 stopping other")));
}

}  // namespace
}  // namespace pid1
