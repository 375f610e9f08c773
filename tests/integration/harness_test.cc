// The harness itself, with the test program in pid1's place.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Event, StaysOneLineWhateverAFactHolds) {
  const Event event{"a b", "said", {{"text", "=\n%20 \x1b[0m\xff"}, {"empty", ""}}};
  const std::string line = to_line(event);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const Event again = from_line(line.substr(0, line.size() - 1));
  EXPECT_EQ(again.who, event.who);
  EXPECT_EQ(again.facts, event.facts);
}

TEST(Harness, RunsTheProgramAsTheFirstOfItsNamespace) {
  Pid1 probe(Container{.args = {"exit=7"}});
  const Event start = probe.expect(started("exit=7"));
  EXPECT_EQ(start["pid"], "1");
  EXPECT_EQ(start["fds"], "0,1,2");
  EXPECT_EQ(start["mask"], "");
}

TEST(Harness, TellsHowTheProgramEnded) {
  Pid1 probe(Container{.args = {"x", "on=USR1:7"}});
  probe.expect(reported("x", "running"));
  probe.signal(SIGUSR1);
  probe.expect_sequence({received("x", SIGUSR1), exiting("x", 7)});
  EXPECT_EQ(probe.wait(), 7);
}

TEST(Harness, ReadsWhatTheProgramWrites) {
  Pid1 probe(Container{.args = {"x", "print=hello", "complain=oh"}});
  probe.expect_output("hello\n");
  probe.expect_log("oh\n");
}

TEST(Harness, SaysWhatCameInsteadOfWhatWasAwaited) {
  Pid1 probe(Container{.args = {"x", "say=this", "complain=that", "exit=3"}});
  try {
    probe.expect(received("x", SIGUSR1));
    FAIL() << "it did not come";
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("pid1 ended with 3"), std::string::npos) << message;
    EXPECT_NE(message.find("x said text=this"), std::string::npos) << message;
    EXPECT_NE(message.find("that"), std::string::npos) << message;
  }
}

TEST(Harness, RefusesASequenceInTheWrongOrder) {
  Pid1 probe(Container{.args = {"x", "say=a", "say=b", "exit=0"}});
  const Matcher a{"x", "said", {{"text", "a"}}};
  const Matcher b{"x", "said", {{"text", "b"}}};
  EXPECT_THROW(probe.expect_sequence({b, a}), std::runtime_error);
}

TEST(Harness, LooksForEachProgramsEventsByThemselves) {
  Pid1 probe(Container{.args = {"x", "fork=child", "begin", "end"}});
  probe.expect_sequence({reported("x", "running")});
  probe.expect_eventually("there", [&] { return probe.count(reported("child", "running")) == 1; });
  probe.signal(SIGUSR1);
  probe.expect(received("x", SIGUSR1));
  probe.expect(reported("child", "running"));
  probe.signal(SIGTERM);
  EXPECT_EQ(probe.wait(), 0);
  EXPECT_THROW(probe.expect(received("x", SIGUSR1)), std::runtime_error) << "awaited before";
}

TEST(Harness, SignalsAProcessInside) {
  Pid1 probe(Container{.args = {"x", "fork=child", "begin", "end"}});
  const Event child = probe.expect(started("child"));
  probe.expect(reported("child", "running"));
  probe.signal_inside(child.number("pid"), SIGTERM);
  probe.expect(exiting("child", 0));
  EXPECT_EQ(probe.processes().front().pid, 1);
}

TEST(Harness, TakesRightsFromTheProgram) {
  Pid1 probe(Container{.args = {"x", "touch=file"},
                       .restrictions = {Restriction::no_capabilities, Restriction::no_new_privs,
                                        Restriction::read_only_root, Restriction::closed_stdin,
                                        Restriction::blocked_usr1, Restriction::ignored_sigchld},
                       .user = 64000});
  const Event start = probe.expect(started("x"));
  EXPECT_EQ(start["uid"], "64000");
  EXPECT_EQ(start["capabilities"], "0000000000000000");
  EXPECT_EQ(start["no_new_privs"], "1");
  EXPECT_EQ(start["fds"], "1,2");
  EXPECT_EQ(start["mask"], std::to_string(SIGUSR1));
  EXPECT_EQ(start["ignored"], std::to_string(SIGCHLD));
  probe.expect(reported("x", "running"));
  EXPECT_FALSE(std::filesystem::exists(probe.folder() + "/file"));
}

TEST(Harness, LimitsTheNumberOfProcesses) {
  PidsCgroup cgroup(3);
  Pid1 probe(Container{.args = {"x", "orphans=5"}, .cgroup = &cgroup});
  probe.expect(reported("x", "failed-to-orphan"));
  EXPECT_GT(cgroup.refusals(), 0);
}

TEST(Harness, LeavesOrphansToTheFirstProcessAllAtOnce) {
  Pid1 probe(Container{.args = {"x", "orphans=500"}});
  probe.expect(reported("x", "orphaned"));
  probe.expect_eventually("all reaped", [&] { return probe.processes().size() == 1; });
}

TEST(Harness, PutsAGuardInFrontOfTheProgram) {
  Pid1 probe(Container{.args = {"x", "on=USR1:9"}, .guard = {"--beside"}});
  probe.expect_all({reported("bystander", "running"), reported("x", "running")});
  probe.signal(SIGUSR1);
  probe.expect_sequence({exiting("x", 9), exiting("bystander", 0)});
  EXPECT_EQ(probe.wait(), 9);
}

TEST(Harness, LetsTheWallClockJump) {
  Pid1 probe(Container{.args = {"x", "wall-clock", "wall-clock", "wall-clock", "exit=0"},
                       .guard = {"--jumping-clock"}});
  const auto readings = probe.expect_sequence(
      {reported("x", "wall-clock"), reported("x", "wall-clock"), reported("x", "wall-clock")});
  const int month = 30 * 24 * 3600;
  EXPECT_GT(readings[0].number("seconds"), readings[1].number("seconds") + month);
  EXPECT_LT(readings[1].number("seconds") + month, readings[2].number("seconds"));
  EXPECT_EQ(probe.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
