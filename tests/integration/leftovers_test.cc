// What one program leaves behind, and what becomes of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr const char* kNames[] = {"pid1", "tini", "dumb-init", "catatonit"};
const std::vector<std::string> kAsInit = {};
const std::vector<std::string> kBesideOthers = {"--beside"};

// A service with a clean-up that takes until the test lets it go on.
constexpr const char* kSlow =
    "#!/bin/sh\n"
    "trap 'probe slow gate=clean exit=0; exit 0' TERM\n"
    "probe slow-service\n";

TEST(WhatIsLeft, GetsTermAndTimeAndTheCodeIsTheProgramsOwn) {
  for (const auto& guard : {kAsInit, kBesideOthers}) {
    for (const char* name : kNames) {
      Pid1 pid1(Container{.args = {"probe", "web", "fork=child", "begin", "end", "fork=daemon",
                                   "begin", "setsid", "end", "gate=go", "exit=3"},
                          .argv0 = name,
                          .guard = guard});
      pid1.expect_all({reported("child", "running"), reported("daemon", "running"),
                       reported("web", "waiting")});
      pid1.open_gate("go");
      EXPECT_EQ(pid1.wait(), 3);
      EXPECT_EQ(pid1.count(exiting("child", 0)), 1);
      EXPECT_EQ(pid1.count(exiting("daemon", 0)), 1);
    }
  }
}

TEST(WhatIsLeft, IsKilledOnceItsTimeIsOver) {
  Pid1 pid1(Container{.args = {"-t", "50ms", "-vv", "probe", "web", "fork=child", "begin", "deaf",
                               "end", "gate=go", "exit=3"},
                      .guard = kBesideOthers});
  pid1.expect_all({reported("child", "running"), reported("web", "waiting")});
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 3);
  pid1.expect_log("killing what");
  EXPECT_EQ(pid1.count(received("child", SIGTERM)), 1);
}

TEST(WhatIsLeft, GetsNeitherSignalNorTimeWhereItIsToHaveNone) {
  Pid1 pid1(Container{.command = {"/bin/sh", "-c",
                                  "pid1 -t 0 probe web fork=child begin end gate=go exit=3; "
                                  "probe after gate=end exit=$?"}});
  pid1.expect_all({reported("child", "running"), reported("web", "waiting")});
  pid1.open_gate("go");
  pid1.expect(reported("after", "waiting"));
  pid1.signal_inside(pid1.pid_of("child"), SIGUSR1);
  pid1.expect(received("child", SIGUSR1));  // it lives
  EXPECT_EQ(pid1.count(received("child", SIGTERM)), 0);
  pid1.open_gate("end");
  pid1.expect(exiting("after", 3));
}

TEST(WhatIsLeft, CleansUpFastOrSlowlyInAnySession) {
  Pid1 pid1(
      Container{.args = {"-t", "1h", "sh", "-c",
                         "setsid ./slow & probe fast & setsid probe daemon & probe start; exit 7"},
                .programs = {{"slow", kSlow}}});
  pid1.expect_all({reported("slow-service", "running"), reported("fast", "running"),
                   reported("daemon", "running"), reported("start", "running")});
  pid1.signal(SIGTERM);  // the shell dies of it
  pid1.expect_all({exiting("fast", 0), exiting("daemon", 0), reported("slow", "waiting")});
  pid1.open_gate("clean");
  EXPECT_EQ(pid1.wait(), 128 + SIGTERM);
  EXPECT_EQ(pid1.count(exiting("slow", 0)), 1);
}

TEST(WhatIsLeft, IsAlsoWhatAShellDidNotForwardTo) {
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{}, {"-g"}, {"--timeout=1h"}}) {
    Container container{.args = flags};
    container.args.insert(container.args.end(), {"sh", "-c", "probe app; exit $?"});
    Pid1 pid1(container);
    pid1.expect(reported("app", "running"));
    pid1.signal(SIGTERM);
    pid1.expect_sequence({received("app", SIGTERM), exiting("app", 0)});
    pid1.wait();
  }
}

TEST(WhatIsLeft, IsKilledByASecondInterruption) {
  Pid1 pid1(Container{
      .args = {"-t", "1h", "probe", "web", "on=INT:3", "fork=child", "begin", "deaf", "end"}});
  pid1.expect_all({reported("child", "running"), reported("web", "running")});
  pid1.signal(SIGINT);
  pid1.expect_sequence({exiting("web", 3)});
  pid1.expect(received("child", SIGTERM));
  pid1.signal(SIGINT);
  EXPECT_EQ(pid1.wait(), 3);
}

TEST(WhatIsLeft, IsNoStrangerWherePid1IsNotTheFirstProcess) {
  Pid1 pid1(Container{.args = {"probe", "web", "fork=child", "begin", "end", "gate=go", "exit=0"},
                      .guard = kBesideOthers});
  pid1.expect_all(
      {reported("bystander", "running"), reported("child", "running"), reported("web", "waiting")});
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(exiting("child", 0)), 1);
  EXPECT_EQ(pid1.count(received("bystander", SIGTERM)), 0);
}

// Faster than it takes to look through /proc among so many.
TEST(WhatIsLeft, CannotFleeByForkingWherePid1IsNotTheFirstProcess) {
  Pid1 pid1(Container{.command = {"/bin/sh", "-c",
                                  "for i in $(seq 500); do sleep 1000 & done\n"
                                  "pid1 -t 50ms probe web fork=child begin setsid flee end exit=4\n"
                                  "probe after gate=never"}});
  pid1.expect(exiting("web", 4));
  pid1.expect(reported("after", "waiting"));
  EXPECT_EQ(pid1.err(), "");
  const std::vector<Process> processes = pid1.processes();
  EXPECT_EQ(std::ranges::count(processes, "probe", &Process::command), 1);
  EXPECT_EQ(std::ranges::count(processes, "sleep", &Process::command), 500);
}

TEST(WaitingForAll, EndsWithTheLastProcessAndTheProgramsCode) {
  for (const auto& guard : {kAsInit, kBesideOthers}) {
    Pid1 pid1(Container{.args = {"--wait-all", "probe", "web", "fork=child", "begin", "setsid",
                                 "gate=done", "exit=9", "end", "exit=4"},
                        .guard = guard});
    pid1.expect_all({exiting("web", 4), reported("child", "waiting")});
    pid1.open_gate("done");
    pid1.expect(exiting("child", 9));
    EXPECT_EQ(pid1.wait(), 4);
    EXPECT_EQ(pid1.count(received("child", SIGTERM)), 0);
  }
}

TEST(WaitingForAll, ForwardsToWhatIsLeftAndEndsWithItOnTerm) {
  Pid1 pid1(Container{
      .args = {"--wait-all", "-vv", "probe", "web", "fork=child", "begin", "end", "exit=4"}});
  pid1.expect_all({exiting("web", 4), reported("child", "running")});
  pid1.expect_log("waiting for what");
  pid1.signal(SIGUSR1);
  pid1.expect(received("child", SIGUSR1));
  pid1.signal(SIGTERM);
  pid1.expect(exiting("child", 0));
  EXPECT_EQ(pid1.wait(), 4);
}

// Where no time is set, none begins: a program that takes long is not cut short.
TEST(WaitingForAll, ForwardsTheEndToWhatIsLeftAndWaitsOnWithoutALimit) {
  Pid1 pid1(Container{.args = {"--wait-all", "-t", "0", "-vv", "probe", "web", "fork=child",
                               "begin", "deaf", "on=USR1:0", "end", "exit=4"}});
  pid1.expect_all({exiting("web", 4), reported("child", "running")});
  pid1.expect_log("waiting for what the program left behind");
  for (const int signo : {SIGTERM, SIGINT, SIGTERM}) {
    pid1.signal(signo);
    pid1.expect(received("child", signo));
  }
  pid1.signal(SIGUSR1);
  EXPECT_EQ(pid1.wait(), 4);
}

TEST(WaitingForAll, TellsWhatIsLeftOfTheEndThatCameWhileTheProgramRan) {
  Pid1 pid1(Container{.args = {"--wait-all", "-t", "0", "probe", "web", "on=TERM:4", "fork=child",
                               "begin", "end"}});
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_all({exiting("web", 4), received("child", SIGTERM), exiting("child", 0)});
  EXPECT_EQ(pid1.wait(), 4);
}

TEST(WaitingForAll, EndsAtOnceWhereNothingIsLeft) {
  Pid1 pid1(Container{.args = {"--wait-all", "probe", "web", "orphans=20", "exit=4"}});
  EXPECT_EQ(pid1.wait(), 4);
}

}  // namespace

}  // namespace pid1::testing
