// How one program's end becomes pid1's.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

int code_of(const Container& container) { return Pid1(container).wait(); }

bool has_zombies(const Pid1& pid1) {
  for (const Process& process : pid1.processes()) {
    if (process.state == 'Z') return true;
  }
  return false;
}

TEST(TheExitCode, IsTheProgramsOwn) {
  for (const char* name : {"pid1", "tini", "docker-init", "dumb-init", "catatonit"}) {
    for (const int code : {0, 1, 3, 127, 255}) {
      EXPECT_EQ(code_of({.args = {"probe", "web", "exit=" + std::to_string(code)}, .argv0 = name}),
                code);
    }
  }
}

TEST(TheExitCode, OfAProgramThatKillsItselfWithTermIs143) {
  EXPECT_EQ(code_of({.args = {"sh", "-c", "kill -TERM $$"}}), 143);
}

TEST(TheExitCode, IsZeroWhereTheProgramsWasExpected) {
  EXPECT_EQ(code_of({.args = {"-e", "143", "probe", "web", "crash=TERM"}}), 0);
  EXPECT_EQ(code_of({.args = {"-e", "3,128+TERM", "probe", "web", "exit=143"}}), 0);
  EXPECT_EQ(code_of({.args = {"-e", "3", "-e", "7", "probe", "web", "exit=7"}}), 0);
  EXPECT_EQ(code_of({.args = {"-e", "3", "probe", "web", "exit=4"}}), 4);
  EXPECT_EQ(code_of({.args = {"-e", "143", "probe", "web", "crash=TERM"}, .argv0 = "tini"}), 0);
}

// tini and catatonit hang there: with SIGCHLD ignored the kernel keeps no status to wait for.
TEST(TheExitCode, IsKnownWherePid1WasStartedWithSigchldIgnored) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    EXPECT_EQ(code_of({.args = {"probe", "web", "exit=4"}, .argv0 = name, .ignored = {SIGCHLD}}),
              4);
  }
}

// tini ends with 1 there.
TEST(TheExitCode, IsTheProgramsWhereStandardDescriptorsAreClosed) {
  EXPECT_EQ(code_of({.args = {"probe", "web", "exit=4"},
                     .restrictions = {Restriction::closed_stdin, Restriction::closed_stdout,
                                      Restriction::closed_stderr}}),
            4);
}

TEST(Pid1, SaysNothingOfAProgramThatRunsAndEnds) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    for (const std::vector<std::string>& guard : {std::vector<std::string>{}, {"--beside"}}) {
      Pid1 pid1(Container{.args = {"probe", "web", "crash=TERM"}, .argv0 = name, .guard = guard});
      EXPECT_EQ(pid1.wait(), 143);
      EXPECT_EQ(pid1.err() + pid1.out(), "");
    }
  }
}

TEST(Pid1, SaysMoreWhereItIsAskedTo) {
  Pid1 pid1(Container{.args = {"-vv", "probe", "web", "exit=3"}});
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_NE(pid1.err().find("pid1: probe: started"), std::string::npos) << pid1.err();
  EXPECT_NE(pid1.err().find("exit code 3"), std::string::npos) << pid1.err();
}

TEST(Pid1, LeavesNoZombiesOfAProgramThatNeverWaits) {
  for (const std::vector<std::string>& guard : {std::vector<std::string>{}, {"--beside"}}) {
    Pid1 pid1(Container{.args = {"probe", "web", "orphans=200"}, .guard = guard});
    pid1.expect(reported("web", "orphaned"));
    pid1.expect_eventually("without zombies", [&] { return !has_zombies(pid1); });
    EXPECT_EQ(pid1.err(), "");
  }
}

TEST(Pid1, TellsEachOrphanThatItReapsWhereItIsAskedTo) {
  for (const char* name : {"pid1", "tini"}) {
    Pid1 pid1(
        Container{.args = {"-w", "probe", "web", "orphans=2", "gate=go", "exit=0"}, .argv0 = name});
    for (int i = 0; i < 2; ++i) pid1.expect_log("reaped an orphan, pid ");
    pid1.expect(reported("web", "waiting"));
    pid1.open_gate("go");
    EXPECT_EQ(pid1.wait(), 0);
  }
}

TEST(TheParentsDeath, IsToldByTheSignalThatWasAskedFor) {
  for (const char* name : {"pid1", "tini"}) {
    const std::string script = "sh -c '" + std::string(name) +
                               " -p USR2 probe web & probe parent gate=die exit=0'; "
                               "probe top";
    Pid1 pid1(Container{.command = {"/bin/sh", "-c", script}});
    pid1.expect_all({reported("web", "running"), reported("parent", "waiting")});
    pid1.open_gate("die");
    pid1.expect(received("web", SIGUSR2));
  }
}

TEST(APause, EndsWith0OnTermAndOnInt) {
  for (const auto& [name, flag] :
       {std::pair{"pid1", "--pause"}, {"pid1", "-P"}, {"catatonit", "-P"}}) {
    for (const int signo : {SIGTERM, SIGINT}) {
      Pid1 pid1(Container{.args = {flag}, .argv0 = name});
      pid1.expect_eventually("asleep", [&] { return pid1.is_asleep(); });
      for (const int other : {SIGHUP, SIGUSR1, SIGWINCH, SIGCONT}) pid1.signal(other);
      pid1.signal(signo);
      EXPECT_EQ(pid1.wait(), 0);
      EXPECT_EQ(pid1.err(), "");
    }
  }
}

// A pod's containers share the namespace whose first process it is.
TEST(APause, ReapsWhatIsLeftToItAndLeavesAllElseAlone) {
  Pid1 pid1(Container{
      .command = {"/bin/sh", "-c", "probe pod deaf orphans=50 gate=go orphans=50 & exec pid1 -P"}});
  pid1.expect_sequence({reported("pod", "orphaned"), reported("pod", "waiting")});
  pid1.open_gate("go");
  pid1.expect_sequence({reported("pod", "orphaned"), reported("pod", "running")});
  pid1.expect_eventually("without zombies", [&] { return !has_zombies(pid1); });
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("pod", SIGTERM)), 0);
}

}  // namespace

}  // namespace pid1::testing
