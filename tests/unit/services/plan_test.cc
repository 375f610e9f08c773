#include "services/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pid1 {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ServiceSpec service(std::string name, std::vector<Dependency> depends_on = {},
                    Duration grace = seconds(10)) {
  ServiceSpec spec;
  spec.name = std::move(name);
  spec.depends_on = std::move(depends_on);
  spec.stop.grace = grace;
  return spec;
}

Plan plan_of(std::vector<ServiceSpec> services, ContainerSpec container = {}) {
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

std::vector<PlanError> errors_of(std::vector<ServiceSpec> services, ContainerSpec container = {}) {
  return std::get<std::vector<PlanError>>(Plan::create(std::move(services), std::move(container)));
}

std::vector<std::string> names(const Plan& plan, std::span<const ServiceId> ids) {
  std::vector<std::string> result;
  for (const ServiceId id : ids) result.push_back(plan[id].name);
  return result;
}

TEST(Plan, PutsEachDependencyBeforeItsDependentsAndElseKeepsTheOrder) {
  const Plan plan =
      plan_of({service("web", {{.service = "db"}, {.service = "cache"}}), service("cache"),
               service("db", {{.service = "disk"}}), service("disk")});
  EXPECT_THAT(names(plan, plan.start_order()), ElementsAre("cache", "disk", "db", "web"));
}

TEST(Plan, SeesEachEdgeFromBothEnds) {
  const Plan plan = plan_of({service("web", {{.service = "db",
                                              .condition = Condition::completed,
                                              .restart = true,
                                              .required = false}}),
                             service("db")});
  const ServiceId web = *plan.find("web");
  const ServiceId db = *plan.find("db");
  ASSERT_EQ(plan.dependencies(web).size(), 1u);
  ASSERT_EQ(plan.dependents(db).size(), 1u);
  EXPECT_EQ(plan.dependencies(web)[0].service, db);
  EXPECT_EQ(plan.dependents(db)[0].service, web);
  for (const Edge& edge : {plan.dependencies(web)[0], plan.dependents(db)[0]}) {
    EXPECT_EQ(edge.condition, Condition::completed);
    EXPECT_TRUE(edge.restart);
    EXPECT_FALSE(edge.required);
  }
}

TEST(Plan, RefusesACycleAndNamesIt) {
  const auto errors = errors_of({service("x", {{.service = "a"}}), service("a", {{.service = "b"}}),
                                 service("b", {{.service = "a"}})});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].kind, PlanError::Kind::cycle);
  EXPECT_THAT(errors[0].names, ElementsAre("a", "b", "a"));
}

TEST(Plan, RefusesAServiceThatDependsOnItself) {
  const auto errors = errors_of({service("a", {{.service = "a"}})});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].names, ElementsAre("a", "a"));
}

TEST(Plan, RefusesTwoServicesOfOneName) {
  const auto errors = errors_of({service("a"), service("a")});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].kind, PlanError::Kind::duplicate_name);
}

TEST(Plan, RefusesADependencyThatIsNotThereUnlessItIsOptional) {
  const auto errors = errors_of({service("a", {{.service = "gone"}})});
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].kind, PlanError::Kind::unknown_dependency);
  EXPECT_THAT(errors[0].names, ElementsAre("a", "gone"));

  const Plan plan = plan_of({service("a", {{.service = "gone", .required = false}})});
  EXPECT_THAT(plan.dependencies(*plan.find("a")), IsEmpty());
}

TEST(Plan, RefusesWhatTheContainerNamesAndIsNotThere) {
  ContainerSpec container;
  container.exit_code_from = "gone";
  container.signals[1].only = {{"gone", 1}};
  const auto errors = errors_of({service("a")}, container);
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].kind, PlanError::Kind::unknown_exit_code_from);
  EXPECT_EQ(errors[1].kind, PlanError::Kind::unknown_signal_target);
}

TEST(Plan, AddsUpTheGracePeriodsOfTheLongestChain) {
  const Plan plan = plan_of({service("web", {{.service = "app"}, {.service = "log"}}, seconds(1)),
                             service("app", {{.service = "db"}}, seconds(2)),
                             service("log", {}, seconds(4)), service("db", {}, seconds(3))});
  EXPECT_EQ(plan.stop_path(*plan.find("web")), seconds(6));
  EXPECT_EQ(plan.stop_path(*plan.find("app")), seconds(5));
  EXPECT_THAT(names(plan, plan.longest_stop()), ElementsAre("web", "app", "db"));
}

TEST(Plan, CountsNoTimeForADependencyThatHadToCompleteFirst) {
  const Plan plan = plan_of(
      {service("web", {{.service = "migrate", .condition = Condition::completed}}, seconds(1)),
       service("migrate", {{.service = "db"}}, seconds(2)), service("db", {}, seconds(4))});
  EXPECT_EQ(plan.stop_path(*plan.find("web")), seconds(5));
  EXPECT_EQ(plan.stop_path(*plan.find("migrate")), seconds(6));
}

TEST(Plan, DoesNotOverflowWhereGracePeriodsAreEndless) {
  const Plan plan = plan_of(
      {service("a", {{.service = "b"}}, Duration::max()), service("b", {}, Duration::max())});
  EXPECT_EQ(plan.stop_path(*plan.find("a")), Duration::max());
}

TEST(StopBudget, IsJustUnderDockersTenSecondsByDefault) {
  EXPECT_EQ(plan_of({service("a"), service("b")}).stop_budget(), seconds(9));
}

TEST(StopBudget, HasRoomForGracePeriodsThatAPersonAskedFor) {
  ServiceSpec web = service("web", {{.service = "db"}}, seconds(20));
  ServiceSpec db = service("db", {}, seconds(30));
  web.stop.grace_given = true;
  EXPECT_EQ(plan_of({web, db}).stop_budget(), seconds(21));
  db.stop.grace_given = true;
  EXPECT_EQ(plan_of({web, db}).stop_budget(), seconds(51));
}

TEST(StopBudget, IsWhatTheContainerSays) {
  ContainerSpec container;
  container.stop_grace_period = seconds(3);
  EXPECT_EQ(plan_of({service("a")}, container).stop_budget(), seconds(3));
}

}  // namespace
}  // namespace pid1
