// Each time that pid1 looks at the wall clock, it has jumped a year (tests/support/wall_clock.h).
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

Container with_jumping_clock(const std::string& config) {
  return Container{
      .config = config, .environment = {{"PID1_LOG_LEVEL", "debug"}}, .guard = {"--jumping-clock"}};
}

TEST(WallClock, JumpsWithoutAnyEffectOnRestartsAndStops) {
  Pid1 pid1(with_jumping_clock(R"(
services:
  flaky: {command: probe flaky fail-times=3:1, restart: {delay: 20ms, max_attempts: 3}}
  web: {command: probe web deaf, stop_grace_period: 500ms, depends_on: [flaky]}
)"));
  pid1.expect_sequence({exiting("flaky", 1), exiting("flaky", 1), exiting("flaky", 1),
                        reported("flaky", "running")});
  pid1.expect_eventually("up", [&] { return pid1.count(reported("web", "running")) == 1; });
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGTERM), received("flaky", SIGTERM), exiting("flaky", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(reported("guard", "wall-clock-timer")), 0);
}

// An attempt of a year ago would be outside of the window, and the limit never reached.
TEST(WallClock, JumpsWithoutAnyEffectOnTheWindowOfRestarts) {
  Pid1 pid1(with_jumping_clock(R"(
services:
  web: {command: probe web exit=6, restart: {delay: 10ms, max_attempts: 2, window: 1h}}
)"));
  EXPECT_EQ(pid1.wait(), 6);
  EXPECT_EQ(pid1.count(started("web")), 3);
  EXPECT_EQ(pid1.count(reported("guard", "wall-clock-timer")), 0);
}

}  // namespace

}  // namespace pid1::testing
