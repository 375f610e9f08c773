#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names_of(const Plan& plan) {
  std::vector<std::string> names;
  for (const ServiceSpec& service : plan.services()) names.push_back(service.name);
  return names;
}

TEST(Replicas, AreNumberedFrom1InTheirNameAndInTheirEnvironment) {
  const Plan plan = load_good("services:\n  worker: {command: a, deploy: {replicas: 3}}\n");
  EXPECT_THAT(names_of(plan), ElementsAre("worker-1", "worker-2", "worker-3"));
  EXPECT_THAT(service_named(plan, "worker-2").process.environment,
              ElementsAre(EnvironmentChange{"PID1_REPLICA", "2"}));
}

TEST(Replicas, AreTheSameWithScale) {
  EXPECT_THAT(names_of(load_good("services:\n  worker: {command: a, scale: 2}\n")),
              ElementsAre("worker-1", "worker-2"));
  EXPECT_THAT(
      names_of(load_good("services:\n  worker: {command: a, scale: 1, deploy: {replicas: 1}}\n")),
      ElementsAre("worker-1"));
}

TEST(Replicas, LeaveAServiceAloneThatHasNone) {
  const Plan plan = load_good("services:\n  worker: {command: a}\n");
  EXPECT_THAT(names_of(plan), ElementsAre("worker"));
  EXPECT_THAT(service_named(plan, "worker").process.environment, IsEmpty());
}

TEST(Replicas, MustBeTheSameInBothPlaces) {
  EXPECT_THAT(load_bad("services:\n  worker: {command: a, scale: 2, deploy: {replicas: 3}}\n"),
              HasSubstr("pid1.yaml:2:43: error: `scale` and `deploy.replicas` differ"));
}

TEST(Replicas, AreAllWaitedForByWhatDependsOnTheService) {
  const Plan plan = load_good(
      "services:\n"
      "  db: {command: a, scale: 2}\n"
      "  web: {command: a, scale: 2, depends_on: [db]}\n");
  for (const char* name : {"web-1", "web-2"}) {
    EXPECT_THAT(service_named(plan, name).depends_on,
                ElementsAre(Dependency{"db-1"}, Dependency{"db-2"}));
  }
}

TEST(Replicas, MeetADependencyWhereThereAreNone) {
  const Plan plan = load_good(
      "services:\n"
      "  db: {command: a, scale: 0}\n"
      "  web: {command: a, depends_on: [db]}\n");
  EXPECT_THAT(names_of(plan), ElementsAre("web"));
  EXPECT_THAT(service_named(plan, "web").depends_on, IsEmpty());
}

TEST(Replicas, MayNotHaveTheNameOfAnotherService) {
  EXPECT_EQ(load_bad("services:\n"
                     "  worker: {command: a, scale: 2}\n"
                     "  worker-2: {command: a}\n"),
            "pid1.yaml:3:3: error: `worker-2` is also a replica of `worker`\n"
            "  worker-2: {command: a}\n"
            "  ^\n"
            "hint: give one of them another name\n");
  EXPECT_THAT(load_bad("services:\n"
                       "  worker-2: {command: a}\n"
                       "  worker: {command: a, scale: 2}\n"),
              HasSubstr("pid1.yaml:2:3: error: `worker-2` is also a replica of `worker`"));
}

TEST(Replicas, AreBoundedInNumber) {
  EXPECT_THAT(load_bad("services:\n  a: {command: a, scale: 10001}\n"),
              HasSubstr("expected an integer from 0 to 10000"));
  EXPECT_THAT(load_bad("services:\n"
                       "  a: {command: a, scale: 6000}\n"
                       "  b: {command: a, scale: 6000}\n"),
              HasSubstr("pid1.yaml:3:3: error: more than 10000 services"));
  EXPECT_THAT(load_bad("services:\n"
                       "  a: {command: a, scale: 5000}\n"
                       "  b: {command: a, scale: 5000, depends_on: [a]}\n"),
              HasSubstr("pid1.yaml:3:3: error: more than 1000000 dependencies"));
}

TEST(Replicas, SetTheirVariableThemselves) {
  EXPECT_THAT(load_bad("services:\n"
                       "  a: {command: a, scale: 1, environment: {PID1_REPLICA: 5}}\n"),
              HasSubstr("`PID1_REPLICA` is set by pid1"));
}

}  // namespace
}  // namespace pid1::config
