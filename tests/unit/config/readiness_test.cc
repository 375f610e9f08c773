#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Readiness load_readiness(const std::string& value) {
  return load_service("{command: a, readiness: " + value + "}").readiness;
}

std::string refuse(const std::string& value) {
  return load_bad("services:\n  web: {command: a, readiness: " + value + "}\n");
}

TEST(Readiness, IsNoneWhereNothingIsWritten) {
  EXPECT_EQ(load_service("{command: a}").readiness, Readiness{});
  EXPECT_EQ(load_readiness("none"), Readiness{});
}

TEST(Readiness, IsOneOfThreeKinds) {
  EXPECT_EQ(load_readiness("notify"), (Readiness{Readiness::Kind::notify, 0, "", std::nullopt}));
  EXPECT_EQ(load_readiness("{notify: true}"), load_readiness("notify"));
  EXPECT_EQ(load_readiness("{fd: 3}"), (Readiness{Readiness::Kind::fd, 3, "", std::nullopt}));
  EXPECT_EQ(load_readiness("{log: \"ready|listening on \\\\d+\"}"),
            (Readiness{Readiness::Kind::log, 0, "ready|listening on \\d+", std::nullopt}));
}

TEST(Readiness, HasATimeoutWithEachKind) {
  for (const char* kind : {"notify: true", "fd: 1023", "log: ready"}) {
    EXPECT_EQ(load_readiness("{" + std::string(kind) + ", timeout: 30s}").timeout, 30s) << kind;
  }
}

TEST(Readiness, NeedsOneKindAndNoMore) {
  EXPECT_EQ(refuse("{timeout: 5s}"),
            "pid1.yaml:2:21: error: `readiness` needs one of the keys `notify`, `fd` and `log`\n"
            "  web: {command: a, readiness: {timeout: 5s}}\n"
            "                    ^\n"
            "hint: write `notify: true`, or `readiness: none`\n");
  EXPECT_THAT(refuse("{notify: false}"), HasSubstr("needs one of the keys"));
  EXPECT_EQ(count(refuse("{fd: 3, log: x}"), "error: "), 1u);
  EXPECT_THAT(refuse("{fd: 3, log: x}"), HasSubstr("`fd` and `log` exclude one another"));
  EXPECT_EQ(count(refuse("{lgo: x}"), "error: "), 1u);
}

TEST(Readiness, RefusesWhatCannotComeTrue) {
  EXPECT_THAT(refuse("ready"), HasSubstr("expected notify or none"));
  EXPECT_THAT(refuse("{fd: 2}"), HasSubstr("expected an integer from 3 to 1023"));
  EXPECT_THAT(refuse("{fd: 1024}"), HasSubstr("expected an integer from 3 to 1023"));
  EXPECT_THAT(refuse("{notify: true, timeout: 0}"), HasSubstr("a duration of more than 0"));
}

TEST(Readiness, RefusesAPatternThatIsNone) {
  EXPECT_EQ(refuse("{log: \"ready (\"}"),
            "pid1.yaml:2:38: error: expected a regular expression in the syntax of RE2\n"
            "  web: {command: a, readiness: {log: \"ready (\"}}\n"
            "                                     ^\n"
            "hint: missing ): ready (\n");
  EXPECT_THAT(refuse("{log: \"(?=a)\"}"), HasSubstr("hint: invalid perl operator: (?=\n"));
}

TEST(Readiness, KeepsAPatternOutOfAVariableToItself) {
  Loading loading;
  loading.set("P", "secret(")
      .write("pid1.yaml", "services: {a: {command: a, readiness: {log: $P}}}\n");
  EXPECT_FALSE(loading.load());
  EXPECT_THAT(loading.messages(), HasSubstr("expected a regular expression"));
  EXPECT_THAT(loading.messages(), testing::Not(HasSubstr("secret")));
}

TEST(Readiness, OfAnotherKindTakesThePlaceOfThatItExtends) {
  const Plan plan = load_good(
      "services:\n"
      "  base: {command: a, readiness: {fd: 3, timeout: 1s}}\n"
      "  log: {extends: base, readiness: {log: x}}\n"
      "  none: {extends: base, readiness: none}\n");
  EXPECT_EQ(service_named(plan, "log").readiness, (Readiness{Readiness::Kind::log, 0, "x", 1s}));
  EXPECT_EQ(service_named(plan, "none").readiness, Readiness{});
}

TEST(Watchdog, IsADurationOfAServiceThatNotifies) {
  EXPECT_EQ(load_service("{command: a, readiness: notify, watchdog: 30s}").watchdog, 30s);
  EXPECT_THAT(load_bad("services: {a: {command: a, readiness: notify, watchdog: 0}}\n"),
              HasSubstr("a duration of more than 0"));
}

TEST(MaxRuntime, IsADuration) {
  EXPECT_EQ(load_service("{command: a, max_runtime: 10m}").max_runtime, 10min);
  EXPECT_THAT(load_bad("services: {a: {command: a, max_runtime: 0s}}\n"),
              HasSubstr("a duration of more than 0"));
}

TEST(ServiceHealthy, IsWaitedForWhereTheServiceCanSaySo) {
  for (const char* rest : {"healthcheck: {test: x}", "readiness: notify", "readiness: {fd: 3}"}) {
    const Plan plan = load_good("services:\n  db: {command: a, " + std::string(rest) +
                                "}\n"
                                "  web: {command: a, depends_on: {db: {condition: "
                                "service_healthy}}}\n");
    EXPECT_EQ(service_named(plan, "web").depends_on.front().condition, Condition::healthy) << rest;
  }
}

TEST(ServiceHealthy, IsAnErrorWhereTheServiceNeverSaysSo) {
  for (const char* rest : {"type: simple", "healthcheck: {test: [NONE]}",
                           "healthcheck: {test: x, disable: true}", "readiness: none"}) {
    EXPECT_THAT(
        load_bad("services:\n  db: {command: a, " + std::string(rest) +
                 "}\n"
                 "  web:\n"
                 "    command: a\n"
                 "    depends_on:\n"
                 "      db: {condition: service_healthy}\n"),
        HasSubstr("pid1.yaml:6:7: error: the service `db` has neither a `healthcheck` nor a "
                  "`readiness`\n"
                  "      db: {condition: service_healthy}\n"
                  "      ^\n"
                  "hint: give it one of them, or wait for `service_started`\n"))
        << rest;
  }
}

TEST(ServiceHealthy, IsNoErrorTooWhereTheCheckIsWrong) {
  for (const char* rest :
       {"healthcheck: {test: []}", "healthcheck: 5", "readiness: {log: \"(\"}"}) {
    const std::string messages = load_bad("services:\n  db: {command: a, " + std::string(rest) +
                                          "}\n  web: {command: a, depends_on: {db: {condition: "
                                          "service_healthy}}}\n");
    EXPECT_EQ(count(messages, "error: "), 1u) << messages;
  }
}

TEST(ServiceHealthy, IsMetWhereTheServiceIsOffAndNotRequired) {
  load_good(
      "services:\n"
      "  db: {command: a, profiles: [never]}\n"
      "  web: {command: a, depends_on: {db: {condition: service_healthy, required: false}}}\n");
}

}  // namespace
}  // namespace pid1::config
