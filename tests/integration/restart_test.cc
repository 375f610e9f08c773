#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

bool has_process(const Pid1& pid1, const std::string& pid) {
  const auto processes = pid1.processes();
  return std::ranges::any_of(
      processes, [&](const Process& process) { return std::to_string(process.pid) == pid; });
}

TEST(Restart, BringsBackAServiceThatFails) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fail-times=2:1, restart: {delay: 10ms}}
)");
  const auto events =
      pid1.expect_sequence({started("web"), exiting("web", 1), started("web"), exiting("web", 1),
                            started("web"), reported("web", "running")});
  EXPECT_NE(events[0]["pid"], events[4]["pid"]);
}

TEST(Restart, BringsBackAServiceThatASignalKilled) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, restart: {delay: 10ms}}
)");
  const Event first = pid1.expect(started("web"));
  pid1.signal_inside(first.number("pid"), SIGKILL);
  pid1.expect_sequence({started("web"), reported("web", "running")});
}

TEST(Restart, LeavesASuccessAlone) {
  Pid1 pid1(R"(
services:
  job: {command: probe job exit=0, restart: on-failure}
  web: {command: probe web, depends_on: {job: {condition: service_completed_successfully}}}
)");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("job")), 1);
}

TEST(Restart, AlwaysMeansAfterASuccessToo) {
  Pid1 pid1(R"(
services:
  web: {command: probe web exit=0, restart: {condition: always, delay: 10ms}}
)");
  pid1.expect_sequence({exiting("web", 0), exiting("web", 0), exiting("web", 0), started("web")});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Restart, NoMeansNever) {
  Pid1 pid1(R"(
services:
  web: {command: probe web exit=5, restart: "no"}
)");
  EXPECT_EQ(pid1.wait(), 5);
  EXPECT_EQ(pid1.count(started("web")), 1);
}

TEST(Restart, EndsTheContainerWithTheServicesCodeAtTheLimit) {
  Pid1 pid1(R"(
services:
  web: {command: probe web exit=7, restart: {max_attempts: 2, delay: 10ms}}
  other: {command: probe other}
)");
  pid1.expect_sequence(
      {exiting("web", 7), exiting("web", 7), exiting("web", 7), received("other", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 7);
  EXPECT_EQ(pid1.count(started("web")), 3);
}

TEST(Restart, TellsASignalsEndAtTheLimitAs128AndTheNumber) {
  Pid1 pid1(R"(
services:
  web: {command: probe web crash=SEGV, restart: {max_attempts: 1, delay: 10ms}}
)");
  EXPECT_EQ(pid1.wait(), 128 + SIGSEGV);
  EXPECT_EQ(pid1.count(started("web")), 2);
}

TEST(Restart, LetsTheContainerLiveWhereAFailureIsIgnored) {
  Pid1 pid1(R"(
services:
  flaky: {command: probe flaky exit=7, restart: {max_attempts: 1, delay: 10ms}, on_failure: ignore}
  web: {command: probe web gate=go}
)");
  pid1.expect_sequence({exiting("flaky", 7), exiting("flaky", 7)});
  pid1.open_gate("go");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect(exiting("web", 0));
  EXPECT_EQ(pid1.wait(), 0);
}

// With a delay of an hour only a start at once can be seen at all.
TEST(Restart, ComesAtOnceAfterARunOfASecond) {
  Pid1 pid1(R"(
services:
  web: {command: probe web last=1050 fail-times=1:1, restart: {delay: 1h, max_delay: 2h}}
)");
  pid1.expect_sequence({exiting("web", 1), started("web")});
}

TEST(Restart, WaitsForTheDelayAfterAShortRun) {
  Pid1 pid1(R"(
services:
  web: {command: probe web exit=1, restart: {delay: 1h, max_delay: 2h}}
  other: {command: probe other gate=go}
)");
  pid1.expect(exiting("web", 1));
  pid1.expect_log("web: ");
  pid1.open_gate("go");
  pid1.expect(reported("other", "running"));
  EXPECT_EQ(pid1.count(started("web")), 1);
}

// The delays that pid1 logs: 20ms and up to a fifth more, then twice as much each time.
TEST(Restart, WaitsLongerAfterEachShortRun) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fail-times=4:1, restart: {delay: 20ms, max_delay: 10s}}
)");
  pid1.expect(reported("web", "running"));
  std::vector<int> delays;
  const std::string before = "restarting in ";
  for (std::size_t at = 0; (at = pid1.err().find(before, at)) != std::string::npos; ++at) {
    delays.push_back(std::stoi(pid1.err().substr(at + before.size())));
  }
  ASSERT_EQ(delays.size(), 4u) << pid1.err();
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const int base = 20 << i;
    EXPECT_GE(delays[i], base);
    EXPECT_LE(delays[i], base + base / 5);
  }
}

TEST(Restart, KillsWhatIsLeftOfTheGroupFirst) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web fork=child begin deaf end gate=go fail-times=1:1
    restart: {delay: 10ms}
)");
  const Event child = pid1.expect(started("child"));
  pid1.expect(reported("child", "running"));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 1), started("web")});
  EXPECT_FALSE(has_process(pid1, child["pid"]));
}

TEST(Restart, SparesTheGroupWhereOnlyTheProcessCounts) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web fork=child begin deaf end gate=go fail-times=1:1
    kill_mode: process
    restart: {delay: 10ms}
)");
  const Event child = pid1.expect(started("child"));
  pid1.expect(reported("child", "running"));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 1), started("web")});
  EXPECT_TRUE(has_process(pid1, child["pid"]));
}

TEST(Restart, FollowsAFailureThatIsToBeRestartedWhateverThePolicySays) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fail-times=3:1, restart: {max_attempts: 1, delay: 10ms}, on_failure: restart}
)");
  pid1.expect_sequence(
      {exiting("web", 1), exiting("web", 1), exiting("web", 1), reported("web", "running")});
}

}  // namespace

}  // namespace pid1::testing
