#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::HasSubstr;

// Of what loads.
std::string warnings(const std::string& text) {
  Loading loading;
  EXPECT_TRUE(loading.write("pid1.yaml", text).load()) << loading.messages();
  return loading.messages();
}

std::string warnings_of(const std::string& rest) {
  return warnings("services:\n  a: {command: x, " + rest + "}\n");
}

TEST(UnreachedEnds, AreWarnedOf) {
  EXPECT_EQ(warnings_of("restart: always, on_success: shutdown, on_failure: ignore"),
            "pid1.yaml:2:36: warning: `on_success` has no effect: success is always followed by a "
            "restart\n"
            "  a: {command: x, restart: always, on_success: shutdown, on_failure: ignore}\n"
            "                                   ^\n"
            "hint: take it out, or write `restart: on-failure`\n"
            "pid1.yaml:2:58: warning: `on_failure` has no effect: failure is always followed by a "
            "restart\n"
            "  a: {command: x, restart: always, on_success: shutdown, on_failure: ignore}\n"
            "                                                         ^\n"
            "hint: take it out, or give `restart` a limit, such as `on-failure:5`\n");
  for (const char* rest : {"restart: on-failure", "restart: {delay: 1s}", "restart: on-failure:0",
                           "deploy: {restart_policy: {delay: 1s}}"}) {
    EXPECT_THAT(warnings_of(std::string(rest) + ", on_failure: ignore"),
                HasSubstr("warning: `on_failure` has no effect"));
  }
  EXPECT_THAT(warnings_of("restart: {condition: any, max_attempts: 3}, on_success: ignore"),
              HasSubstr("warning: `on_success` has no effect"));
}

TEST(UnreachedEnds, AreThoseForWantOfMemoryToo) {
  EXPECT_THAT(warnings("services:\n"
                       "  a: {command: x, restart: always, on_oom: shutdown, depends_on: [b]}\n"
                       "  b: {command: x, on_oom: ignore}\n"),
              HasSubstr("2:36: warning: `on_oom` has no effect: failure is always followed by"));
  EXPECT_EQ(warnings_of("restart: on-failure:3, on_oom: ignore"), "");
}

TEST(UnreachedEnds, AreThoseThatNothingLeadsTo) {
  for (const char* rest :
       {"on_success: shutdown, on_failure: ignore",
        "restart: \"no\", on_success: shutdown, on_failure: ignore",
        "restart: {condition: always, max_attempts: 3}, on_failure: ignore",
        "restart: on-failure, on_success: shutdown", "restart: on-failure:3, on_failure: ignore"}) {
    EXPECT_EQ(warnings_of(rest), "") << rest;
  }
  EXPECT_EQ(warnings("services:\n"
                     "  a: {command: x, restart: always, on_failure: ignore, depends_on: [b]}\n"
                     "  b: {command: x}\n"),
            "");
}

TEST(IdleLimits, AreWarnedOfWhereThereAreNoRestarts) {
  EXPECT_EQ(warnings_of("restart: {condition: \"no\", max_attempts: 3, delay: 1s}"),
            "pid1.yaml:2:46: warning: `max_attempts` has no effect: there are no restarts\n"
            "  a: {command: x, restart: {condition: \"no\", max_attempts: 3, delay: 1s}}\n"
            "                                             ^\n"
            "hint: take it out, or write another `condition`\n"
            "pid1.yaml:2:63: warning: `delay` has no effect: there are no restarts\n"
            "  a: {command: x, restart: {condition: \"no\", max_attempts: 3, delay: 1s}}\n"
            "                                                              ^\n"
            "hint: take it out, or write another `condition`\n");
  EXPECT_THAT(warnings_of("deploy: {restart_policy: {condition: none, window: 1m}}"),
              HasSubstr("warning: `window` has no effect: there are no restarts"));
  EXPECT_THAT(warnings_of("restart: {condition: none, max_delay: 2m}"), HasSubstr("`max_delay`"));
  EXPECT_EQ(warnings_of("restart: {condition: none}"), "");
}

TEST(IdleLimits, AreWarnedOfWhereNothingIsCounted) {
  EXPECT_EQ(warnings_of("restart: {window: 2m}"),
            "pid1.yaml:2:29: warning: `window` has no effect: the number of restarts has no limit\n"
            "  a: {command: x, restart: {window: 2m}}\n"
            "                            ^\n"
            "hint: take it out, or write `max_attempts`\n");
  EXPECT_EQ(warnings_of("restart: {max_attempts: 1, window: 2m}"), "");
}

TEST(ExitCodeFrom, IsWarnedOfWhereTheServiceNeverEnds) {
  const auto named = [](const std::string& rest) {
    return warnings("pid1: {exit_code_from: a}\nservices:\n  a: {command: x, " + rest + "}\n");
  };
  EXPECT_EQ(named("restart: always"),
            "pid1.yaml:1:24: warning: `a` is always restarted: the container never ends because of "
            "it\n"
            "pid1: {exit_code_from: a}\n"
            "                       ^\n"
            "hint: give it `restart: on-failure:5` or \"no\", or name another one\n");
  const std::string always = "`a` is always restarted";
  EXPECT_THAT(named("on_success: restart, on_failure: restart"), HasSubstr(always));
  EXPECT_THAT(named("restart: on-failure, on_success: restart"), HasSubstr(always));
  EXPECT_THAT(named("restart: {condition: any, max_attempts: 2}, on_failure: restart"),
              HasSubstr(always));
  for (const char* rest : {"restart: on-failure", "restart: {condition: any, max_attempts: 2}",
                           "on_success: restart", "on_failure: restart", "type: simple"}) {
    EXPECT_EQ(named(rest), "") << rest;
  }
}

TEST(Watchdog, IsWarnedOfWhereTheServiceDoesNotNotify) {
  EXPECT_EQ(warnings_of("watchdog: 30s"),
            "pid1.yaml:2:19: warning: `watchdog` has no effect: the service doesn't notify\n"
            "  a: {command: x, watchdog: 30s}\n"
            "                  ^\n"
            "hint: write `readiness: notify` too\n");
  EXPECT_THAT(warnings_of("watchdog: 30s, readiness: {fd: 3}"), HasSubstr("doesn't notify"));
  EXPECT_EQ(warnings_of("watchdog: 30s, readiness: {notify: true, timeout: 1s}"), "");
}

TEST(Watchdog, ThatHasNoEffectIsNone) {
  Loading loading;
  const auto plan =
      loading.write("pid1.yaml", "services: {a: {command: x, watchdog: 30s}}\n").load();
  ASSERT_TRUE(plan);
  EXPECT_EQ(service_named(*plan, "a").watchdog, std::nullopt);
}

TEST(OnUnhealthy, IsWarnedOfWhereNothingIsChecked) {
  const std::string warning = "warning: `on_unhealthy` has no effect: the service has no health";
  EXPECT_THAT(warnings_of("on_unhealthy: restart"), HasSubstr(warning));
  EXPECT_THAT(warnings_of("on_unhealthy: restart, healthcheck: {disable: true}"),
              HasSubstr(warning));
  EXPECT_EQ(warnings_of("on_unhealthy: restart, healthcheck: {test: x}"), "");
}

TEST(StartInterval, IsWarnedOfWithoutAStartPeriod) {
  EXPECT_THAT(warnings_of("healthcheck: {test: x, start_interval: 1s}"),
              HasSubstr("warning: `start_interval` has no effect: there is no `start_period`"));
  EXPECT_EQ(warnings_of("healthcheck: {test: x, start_interval: 1s, start_period: 2s}"), "");
}

TEST(CpuPeriod, IsWarnedOfWithoutAQuota) {
  const std::string warning = "warning: `cpu_period` has no effect: there is no `cpu_quota`";
  EXPECT_THAT(warnings_of("cpu_period: 50000"), HasSubstr(warning));
  EXPECT_THAT(warnings_of("cpu_period: 50000, cpu_quota: -1"), HasSubstr(warning));
  EXPECT_EQ(warnings_of("cpu_period: 50000, cpu_quota: 5000"), "");
}

}  // namespace
}  // namespace pid1::config
