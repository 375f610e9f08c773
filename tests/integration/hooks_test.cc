#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Hooks, RunAroundTheProcessInTheirOrder) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    pre_start:
      - {command: probe first exit=0}
      - {command: probe second exit=0}
    post_start: [{command: probe warm exit=0}]
    pre_stop: [{command: probe drain exit=0}]
    post_stop: [{command: probe clean exit=0}]
)");
  pid1.expect_sequence({exiting("first"), started("second"), exiting("second"), started("web")});
  pid1.expect(exiting("warm"));
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect_sequence({started("drain"), exiting("drain"), received("web", SIGTERM),
                        exiting("web"), started("clean"), exiting("clean")});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Hooks, AFailedPreStartIsAFailedStart) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    restart: "no"
    pre_start: [{command: probe check exit=3}]
    post_stop: [{command: probe clean exit=0}]
)");
  pid1.expect_sequence({exiting("check", 3), exiting("clean")});
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_EQ(pid1.count(started("web")), 0);
  EXPECT_NE(pid1.err().find("web: its pre_start hook exited with code 3"), std::string::npos);
  EXPECT_NE(pid1.err().find("web failed: it could not be started: its pre_start hook exited with "
                            "code 3;"),
            std::string::npos);
}

TEST(Hooks, AFailedPostStartStopsTheService) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    restart: "no"
    post_start: [{command: probe warm gate=go exit=1}]
)");
  pid1.expect_all({reported("web", "running"), reported("warm", "waiting")});
  pid1.open_gate("go");
  pid1.expect_sequence({received("web", SIGTERM), exiting("web")});
  EXPECT_EQ(pid1.wait(), 1);
}

TEST(Hooks, TellAPostStopHookHowTheProcessEnded) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web exit=7
    restart: "no"
    environment: {COLOUR: green}
    post_stop: [{command: probe clean env=EXIT_CODE env=EXIT_STATUS env=PID1_SERVICE env=COLOUR exit=0}]
  db:
    command: probe db crash=SIGKILL
    on_failure: ignore
    restart: "no"
    post_stop: [{command: probe sweep env=EXIT_CODE env=EXIT_STATUS exit=0}]
)");
  const auto env = [](std::string who, std::string name, std::string value) {
    return Matcher{std::move(who), "env", {{"name", std::move(name)}, {"value", std::move(value)}}};
  };
  pid1.expect_sequence({env("sweep", "EXIT_CODE", "killed"), env("sweep", "EXIT_STATUS", "KILL")});
  pid1.expect_sequence({env("clean", "EXIT_CODE", "exited"), env("clean", "EXIT_STATUS", "7"),
                        env("clean", "PID1_SERVICE", "web"), env("clean", "COLOUR", "green")});
  EXPECT_EQ(pid1.wait(), 7);
}

TEST(Hooks, AStopCancelsAPreStartHook) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    pre_start: [{command: probe prepare}]
)");
  pid1.expect(reported("prepare", "running"));
  pid1.signal(SIGTERM);
  pid1.expect(received("prepare", SIGTERM));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("web")), 0);
}

TEST(Hooks, OneThatHangsDoesNotKeepTheStopSignalFromItsService) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 3s}
services:
  web:
    command: probe web
    stop_grace_period: 1s
    pre_stop: [{command: probe drain deaf}]
)");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect(reported("drain", "running"));
  pid1.expect(received("web", SIGTERM));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_NE(pid1.err().find("web: the time for its pre_stop hook is over; killing it"),
            std::string::npos);
}

TEST(Hooks, TheirOutputIsMarkedAsTheirs) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    pre_start: [{command: probe prepare print=hello exit=0}]
)");
  pid1.expect(reported("web", "running"));
  pid1.expect_log("(pre_start) hello\n");
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Hooks, TheServicesSurviveAHookThatCannotBeExecuted) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    post_stop: [{command: /nowhere/clean}]
)");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_NE(pid1.err().find("web: post_stop hook: cannot run /nowhere/clean"), std::string::npos);
}

}  // namespace

}  // namespace pid1::testing
