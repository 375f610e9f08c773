#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

RestartPolicy restart(const std::string& rest) {
  return load_service("{command: a" + rest + "}").restart;
}

std::string restart_error(const std::string& rest) {
  return load_bad("services:\n  web: {command: a" + rest + "}\n");
}

TEST(Restart, IsOnFailureFiveTimesAMinuteWhereNothingIsWritten) {
  const RestartPolicy policy = restart("");
  EXPECT_EQ(policy.condition, RestartCondition::on_failure);
  EXPECT_EQ(policy.max_attempts, 5u);
  EXPECT_EQ(policy.delay, 100ms);
  EXPECT_EQ(policy.max_delay, 1min);
  EXPECT_EQ(policy.window, 1min);
}

TEST(Restart, HasNoLimitWhereNoneIsWritten) {
  for (const char* word : {"always", "unless-stopped"}) {
    const RestartPolicy policy = restart(", restart: " + std::string(word));
    EXPECT_EQ(policy.condition, RestartCondition::always) << word;
    EXPECT_EQ(policy.max_attempts, 0u) << word;
  }
  const RestartPolicy policy = restart(", restart: on-failure");
  EXPECT_EQ(policy.condition, RestartCondition::on_failure);
  EXPECT_EQ(policy.max_attempts, 0u);
}

TEST(Restart, IsNeverWithNoQuotedOrNot) {
  EXPECT_EQ(restart(", restart: no").condition, RestartCondition::never);
  EXPECT_EQ(restart(", restart: \"no\"").condition, RestartCondition::never);
}

TEST(Restart, TakesItsLimitFromTheShortForm) {
  const RestartPolicy policy = restart(", restart: on-failure:3");
  EXPECT_EQ(policy.condition, RestartCondition::on_failure);
  EXPECT_EQ(policy.max_attempts, 3u);
  EXPECT_EQ(policy.window, 1min);
}

TEST(Restart, RefusesOtherWords) {
  for (const char* word :
       {"on-failure:", "on-failure:x", "on-failure:-1", "always:3", "onfailure", "false"}) {
    EXPECT_THAT(restart_error(", restart: \"" + std::string(word) + "\""),
                HasSubstr("expected no, always, on-failure, on-failure:N or unless-stopped"))
        << word;
  }
  EXPECT_THAT(restart_error(", restart: false"), HasSubstr("hint: write \"no\""));
  EXPECT_THAT(restart_error(", restart: off"), HasSubstr("hint: write \"no\""));
  for (const char* word : {"yes", "on", "true", "any"}) {
    EXPECT_THAT(restart_error(", restart: " + std::string(word)),
                HasSubstr("hint: did you mean `always`?"));
  }
  EXPECT_THAT(restart_error(", restart: allways"), HasSubstr("hint: did you mean `always`?"));
}

TEST(Restart, HasALongForm) {
  const RestartPolicy policy = restart(
      ", restart: {condition: any, max_attempts: 7, delay: 200ms, max_delay: 30s, window: 2m}");
  EXPECT_EQ(policy.condition, RestartCondition::always);
  EXPECT_EQ(policy.max_attempts, 7u);
  EXPECT_EQ(policy.delay, 200ms);
  EXPECT_EQ(policy.max_delay, 30s);
  EXPECT_EQ(policy.window, 2min);
}

TEST(Restart, NamesItsConditionsAsComposeAndAsDeployDo) {
  const auto condition = [](const std::string& word) {
    return restart(", restart: {condition: " + word + "}").condition;
  };
  EXPECT_EQ(condition("none"), RestartCondition::never);
  EXPECT_EQ(condition("no"), RestartCondition::never);
  EXPECT_EQ(condition("on-failure"), RestartCondition::on_failure);
  EXPECT_EQ(condition("any"), RestartCondition::always);
  EXPECT_EQ(condition("always"), RestartCondition::always);
  EXPECT_EQ(condition("unless-stopped"), RestartCondition::always);
}

TEST(Restart, HasNoLimitInTheLongFormWithoutMaxAttempts) {
  const RestartPolicy policy = restart(", restart: {delay: 1s}");
  EXPECT_EQ(policy.condition, RestartCondition::on_failure);
  EXPECT_EQ(policy.max_attempts, 0u);
}

TEST(Restart, RaisesTheLongestDelayToADelayThatIsLonger) {
  EXPECT_EQ(restart(", restart: {delay: 5m}").max_delay, 5min);
  EXPECT_THAT(restart_error(", restart: {delay: 5m, max_delay: 1m}"),
              HasSubstr("error: `max_delay` is less than `delay`"));
}

TEST(Restart, NeedsAWindowOfSomeTime) {
  EXPECT_THAT(restart_error(", restart: {window: 0}"), HasSubstr("more than 0"));
}

TEST(DeployRestartPolicy, IsTheLongForm) {
  const RestartPolicy policy =
      restart(", deploy: {restart_policy: {condition: on-failure, max_attempts: 3, window: 2m}}");
  EXPECT_EQ(policy.condition, RestartCondition::on_failure);
  EXPECT_EQ(policy.max_attempts, 3u);
  EXPECT_EQ(policy.window, 2min);
}

TEST(DeployRestartPolicy, RestartsAfterAnyEndWithoutACondition) {
  EXPECT_EQ(restart(", deploy: {restart_policy: {delay: 1s}}").condition, RestartCondition::always);
}

TEST(DeployRestartPolicy, MustSayTheSameAsRestart) {
  restart(", restart: always, deploy: {restart_policy: {condition: any}}");
  EXPECT_THAT(restart_error(", restart: \"no\", deploy: {restart_policy: {condition: any}}"),
              HasSubstr("`restart` and `deploy.restart_policy` differ"));
}

}  // namespace
}  // namespace pid1::config
