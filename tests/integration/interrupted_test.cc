// A stop is legal at every moment.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Interrupted, InTheMiddleOfAStart) {
  Pid1 pid1(R"(
services:
  db: {command: probe db}
  migrate: {type: oneshot, command: probe migrate run, depends_on: [db]}
  web:
    command: probe web
    depends_on: {migrate: {condition: service_completed_successfully}}
)");
  pid1.expect_all({reported("db", "running"), reported("migrate", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("migrate", SIGTERM), exiting("migrate", 0),
                        received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("web")), 0);
}

TEST(Interrupted, InTheMiddleOfAThousandStarts) {
  std::string config = "services:\n";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "s" + std::to_string(i);
    config.append("  ").append(name).append(": {command: probe ").append(name).append("}\n");
  }
  Pid1 pid1(config);
  pid1.expect(started("s0"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Interrupted, InABackoff) {
  Pid1 pid1(R"(
services:
  flaky: {command: probe flaky exit=1, restart: {delay: 1h, max_delay: 1h}, depends_on: [db]}
  db: {command: probe db}
)");
  pid1.expect_all({exiting("flaky", 1), reported("db", "running")});
  pid1.expect_log("flaky: ");
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("flaky")), 1);
}

// A service that ends between its death and its restart, over and over: the stop falls anywhere.
TEST(Interrupted, AtAnyMomentOfAnEndlessRestart) {
  for (int i = 0; i < 20; ++i) {
    Pid1 pid1(R"(
services:
  flaky: {command: probe flaky exit=1, restart: {delay: 0, max_attempts: 0}}
  web: {command: probe web, depends_on: [flaky]}
)");
    pid1.expect_all({exiting("flaky", 1), reported("web", "running")});
    pid1.signal(SIGTERM);
    pid1.expect_sequence({received("web", SIGTERM), exiting("web", 0)});
    EXPECT_EQ(pid1.wait(), 0);
  }
}

TEST(Interrupted, InAStopByAnotherRequest) {
  Pid1 pid1(R"(
services:
  web: {command: probe web deaf on=USR1:0, stop_grace_period: 1h, depends_on: [db]}
  db: {command: probe db}
)");
  pid1.expect_all({reported("web", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  pid1.expect(received("web", SIGTERM));
  for (const int signo : {SIGTERM, SIGQUIT, SIGPWR}) pid1.signal(signo);
  pid1.expect_log("still stopping");
  pid1.signal(SIGUSR1);
  pid1.expect_sequence({exiting("web", 0), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("web", SIGTERM)), 1);
  EXPECT_EQ(pid1.count(received("db", SIGTERM)), 1);
}

TEST(Interrupted, InAShutdownThatAFailureBegan) {
  Pid1 pid1(R"(
services:
  web: {command: probe web gate=go exit=9, restart: "no"}
  db: {command: probe db deaf on=USR1:0, stop_grace_period: 1h}
)");
  pid1.expect_all({reported("web", "waiting"), reported("db", "running")});
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 9), received("db", SIGTERM)});
  pid1.signal(SIGTERM);
  pid1.expect_log("still stopping");
  pid1.signal(SIGUSR1);
  EXPECT_EQ(pid1.wait(), 9);
}

TEST(Interrupted, InTheSweepBySomeoneInAHurry) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 1h}
services:
  web: {command: probe web fork=parent begin setsid fork=daemon begin deaf end exit=0 end}
)");
  pid1.expect_all({reported("web", "running"), reported("daemon", "running")});
  pid1.signal(SIGINT);
  pid1.expect(received("daemon", SIGTERM));
  pid1.signal(SIGINT);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
