#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Stop, GoesAgainstTheGraph) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, depends_on: [app]}
  app: {command: probe app, depends_on: [db]}
  db: {command: probe db}
)");
  pid1.expect_all(
      {reported("web", "running"), reported("app", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGTERM), exiting("web", 0), received("app", SIGTERM),
                        exiting("app", 0), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

// Both hold out until they hear USR1, which comes only when both have heard TERM.
TEST(Stop, AsksAtOnceAllThatNothingDependsOn) {
  Pid1 pid1(R"(
services:
  a: {command: probe a deaf on=USR1:0}
  b: {command: probe b deaf on=USR1:0}
)");
  pid1.expect_all({reported("a", "running"), reported("b", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_all({received("a", SIGTERM), received("b", SIGTERM)});
  pid1.signal(SIGUSR1);
  pid1.expect_all({exiting("a", 0), exiting("b", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Stop, BeginsWithEachOfTheSignalsThatAskForIt) {
  for (const int signo : {SIGTERM, SIGINT, SIGQUIT, SIGPWR, SIGRTMIN + 3}) {
    Pid1 pid1("services: {web: {command: probe web}}");
    pid1.expect(reported("web", "running"));
    pid1.signal(signo);
    pid1.expect_sequence({received("web", SIGTERM), exiting("web", 0)});
    EXPECT_EQ(pid1.wait(), 0) << signo;
    EXPECT_EQ(pid1.count(received("web", signo)), signo == SIGTERM ? 1 : 0);
  }
}

TEST(Stop, SendsTheSignalThatTheServiceWants) {
  Pid1 pid1("services: {web: {command: probe web deaf on=QUIT:0, stop_signal: SIGQUIT}}");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGQUIT), exiting("web", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("web", SIGTERM)), 0);
}

TEST(Stop, IsAStopAlsoWhenServicesThenFail) {
  Pid1 pid1("services: {web: {command: probe web on=TERM:3}}");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("web")), 1);
}

TEST(ExitCode, IsTheOneOfTheServiceItComesFrom) {
  Pid1 pid1(R"(
pid1: {exit_code_from: web}
services:
  web: {command: probe web on=TERM:3}
  db: {command: probe db}
)");
  pid1.expect_all({reported("web", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 3);
}

TEST(ExitCode, IsASignalsNumberAnd128) {
  Pid1 pid1(R"(
pid1: {exit_code_from: web}
services:
  web: {command: probe web die-on=TERM}
)");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 128 + SIGTERM);
}

TEST(ExitCode, EndsTheContainerWithTheServiceItComesFrom) {
  Pid1 pid1(R"(
pid1: {exit_code_from: job}
services:
  job: {command: probe job gate=go exit=4, restart: "no", on_failure: ignore}
  db: {command: probe db}
)");
  pid1.expect_all({reported("job", "waiting"), reported("db", "running")});
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("job", 4), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 4);
}

TEST(ExitCode, IsThatOfTheFailureThatEndedTheContainer) {
  Pid1 pid1(R"(
services:
  web: {command: probe web gate=go exit=9, restart: "no"}
  db: {command: probe db on=TERM:5}
)");
  pid1.expect_all({reported("web", "waiting"), reported("db", "running")});
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 9), received("db", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 9);
}

TEST(ExitCode, IsZeroWhenEverythingIsDone) {
  Pid1 pid1(R"(
services:
  a: {command: probe a exit=0}
  b: {type: oneshot, command: probe b exit=0, depends_on: {a: {condition: service_completed_successfully}}}
)");
  pid1.expect_sequence({exiting("a", 0), exiting("b", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(ExitCode, CountsAsSuccessWhatTheServiceSaysIsOne) {
  Pid1 pid1("services: {job: {command: probe job exit=3, success_exit_codes: [3]}}");
  pid1.expect(exiting("job", 3));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("job")), 1);
}

TEST(ExitCode, CountsAsSuccessASignalThatTheServiceSaysIsOne) {
  Pid1 pid1(R"(
services:
  job: {command: probe job crash=USR1, success_exit_codes: [138]}
)");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("job")), 1);
}

TEST(Action, EndsTheContainerOnSuccessWhereAsked) {
  Pid1 pid1(R"(
services:
  job: {command: probe job gate=go exit=0, on_success: shutdown}
  db: {command: probe db}
)");
  pid1.expect_all({reported("job", "waiting"), reported("db", "running")});
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("job", 0), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Action, RestartsOnSuccessWhereAsked) {
  Pid1 pid1(R"(
services:
  job: {command: probe job exit=0, restart: {delay: 10ms}, on_success: restart}
)");
  pid1.expect_sequence({exiting("job", 0), exiting("job", 0), started("job")});
}

}  // namespace

}  // namespace pid1::testing
