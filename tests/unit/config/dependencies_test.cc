#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(DependsOn, IsAListOfNames) {
  const Plan plan =
      load_good("services:\n  db: {command: a}\n  web: {command: b, depends_on: [db]}\n");
  EXPECT_THAT(service_named(plan, "web").depends_on,
              ElementsAre(Dependency{"db", Condition::started, false, true}));
}

TEST(DependsOn, IsAMappingFromNames) {
  const Plan plan = load_good(
      "services:\n"
      "  db: {command: a}\n"
      "  migrate: {command: a, type: oneshot}\n"
      "  web:\n"
      "    command: b\n"
      "    depends_on:\n"
      "      db: {condition: service_started, restart: true}\n"
      "      migrate: {condition: service_completed_successfully}\n"
      "      cache: {required: false}\n");
  EXPECT_THAT(service_named(plan, "web").depends_on,
              ElementsAre(Dependency{"db", Condition::started, true, true},
                          Dependency{"migrate", Condition::completed, false, true}));
}

TEST(DependsOn, NamesServicesThatAreThere) {
  EXPECT_EQ(load_bad("services:\n"
                     "  redis: {command: a}\n"
                     "  web: {command: b, depends_on: [rediss]}\n"),
            "pid1.yaml:3:34: error: no service `rediss`\n"
            "  web: {command: b, depends_on: [rediss]}\n"
            "                                 ^\n"
            "hint: did you mean `redis`?\n");
}

TEST(DependsOn, NamesServicesThatAreOn) {
  const std::string_view text =
      "services:\n"
      "  db: {command: a, profiles: [full]}\n"
      "  web: {command: b, depends_on: [db]}\n";
  EXPECT_EQ(load_bad(text),
            "pid1.yaml:3:34: error: the service `db` is off: its profile `full` is not on\n"
            "  web: {command: b, depends_on: [db]}\n"
            "                                 ^\n"
            "hint: turn it on with PID1_PROFILES=full, or write `required: false`\n");
  Loading loading;
  EXPECT_TRUE(loading.write("pid1.yaml", text).turn_on("full").load()) << loading.messages();
}

TEST(DependsOn, MayNameAServiceThatIsOffWhereItIsNotRequired) {
  const Plan plan = load_good(
      "services:\n"
      "  db: {command: a, profiles: [full]}\n"
      "  web: {command: b, depends_on: {db: {required: false}}}\n");
  EXPECT_THAT(service_named(plan, "web").depends_on, IsEmpty());
}

TEST(DependsOn, ReportsACircleAsAPath) {
  EXPECT_EQ(load_bad("services:\n"
                     "  a: {command: a, depends_on: [b]}\n"
                     "  b: {command: a, depends_on: [c]}\n"
                     "  c: {command: a, depends_on: [a]}\n"),
            "pid1.yaml:4:32: error: services depend on one another: a -> b -> c -> a\n"
            "  c: {command: a, depends_on: [a]}\n"
            "                               ^\n");
  EXPECT_THAT(load_bad("services: {a: {command: a, depends_on: [a]}}\n"),
              HasSubstr("services depend on one another: a -> a\n"));
}

// `length` services that depend on one another, behind others that lead to them.
std::string ring(int length) {
  std::string text = "services:\n  before: {command: a, depends_on: [way]}\n";
  text += "  way: {command: a, depends_on: [s1]}\n";
  for (int i = 1; i <= length; ++i) {
    text += "  s" + std::to_string(i) + ": {command: a, depends_on: [s" +
            std::to_string(i % length + 1) + "]}\n";
  }
  return text;
}

TEST(DependsOn, ReportsOfALongCircleEightNames) {
  const std::string eight = "another: s1 -> s2 -> s3 -> s4 -> s5 -> s6 -> s7 -> ";
  EXPECT_THAT(load_bad(ring(8)), HasSubstr(eight + "s8 -> s1\n"));
  EXPECT_THAT(load_bad(ring(9)), HasSubstr(eight + "… (1 more) -> s9 -> s1\n"));
  EXPECT_THAT(load_bad(ring(1000)), HasSubstr(eight + "… (992 more) -> s1000 -> s1\n"));
}

TEST(DependsOn, ReportsEachOfSeveralCircles) {
  const std::string messages = load_bad(
      "services:\n"
      "  a: {command: a, depends_on: [b]}\n"
      "  b: {command: a, depends_on: [a]}\n"
      "  c: {command: a, depends_on: [c, a]}\n");
  EXPECT_THAT(messages, HasSubstr("a -> b -> a"));
  EXPECT_THAT(messages, HasSubstr("c -> c"));
}

TEST(DependsOn, DoesNotWaitForTheCompletionOfWhatIsAlwaysRestarted) {
  EXPECT_EQ(load_bad("services:\n"
                     "  db: {command: a, restart: always}\n"
                     "  web:\n"
                     "    command: b\n"
                     "    depends_on: {db: {condition: service_completed_successfully}}\n"),
            "pid1.yaml:5:18: error: the service `db` never completes: it is always restarted\n"
            "    depends_on: {db: {condition: service_completed_successfully}}\n"
            "                 ^\n"
            "hint: give it `restart: on-failure`, or wait for `service_started`\n");
}

TEST(Oneshots, AreNotAlwaysRestarted) {
  for (const char* rest : {"restart: always", "restart: unless-stopped", "on_success: restart"}) {
    EXPECT_THAT(
        load_bad("services:\n  a: {command: a, type: oneshot, " + std::string(rest) + "}\n"),
        HasSubstr("pid1.yaml:2:3: error: a oneshot is meant to complete"))
        << rest;
  }
  load_good("services:\n  a: {command: a, type: oneshot, restart: on-failure:5}\n");
}

TEST(StopBudget, IsWarnedOfWhereTheLongestPathDoesNotFit) {
  Loading loading;
  loading.write("pid1.yaml",
                "pid1: {stop_grace_period: 25s}\n"
                "services:\n"
                "  db: {command: a}\n"
                "  web: {command: a, stop_grace_period: 20s, depends_on: [db]}\n"
                "  log: {command: a}\n");
  EXPECT_TRUE(loading.load());
  EXPECT_EQ(loading.messages(),
            "pid1.yaml:1:27: warning: to stop `web`, `db` in turn may take 30s, more than this\n"
            "pid1: {stop_grace_period: 25s}\n"
            "                          ^\n"
            "hint: raise it, or give the services a shorter `stop_grace_period`\n");
}

TEST(StopBudget, IsQuietWhereEverythingFits) {
  const Plan plan = load_good(
      "pid1: {stop_grace_period: 30s}\n"
      "services:\n"
      "  db: {command: a}\n"
      "  web: {command: a, stop_grace_period: 20s, depends_on: [db]}\n");
  EXPECT_EQ(plan.container().stop_grace_period, std::chrono::seconds(30));
}

}  // namespace
}  // namespace pid1::config
