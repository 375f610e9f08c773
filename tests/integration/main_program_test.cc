// pid1 --config FILE -- PROGRAM: the services of a file, and a program beside them.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

Container beside(const std::string& config, const std::vector<std::string>& program) {
  Container container{.config = config};
  container.args = {"--log-level", "info", "--"};
  container.args.insert(container.args.end(), program.begin(), program.end());
  return container;
}

constexpr const char* kWeb = "services: {web: {command: probe web}}";

TEST(MainProgram, StartsBehindTheServicesAndEndsTheContainerWithItsCode) {
  Pid1 pid1(beside(R"(
services:
  web: {command: probe web}
  migrate: {type: oneshot, command: probe migrate gate=go exit=0}
)",
                   {"probe", "main", "exit=7"}));
  pid1.expect_all({reported("web", "running"), reported("migrate", "waiting")});
  EXPECT_EQ(pid1.count(started("main")), 0);
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("migrate", 0), started("main"), exiting("main", 7)});
  EXPECT_EQ(pid1.wait(), 7);
  EXPECT_EQ(pid1.count(started("main")), 1);
}

TEST(MainProgram, EndsTheContainerWithSuccessToo) {
  Pid1 pid1(beside(kWeb, {"probe", "main", "gate=go", "exit=0"}));
  pid1.expect_all({reported("web", "running"), reported("main", "waiting")});
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("web")), 1);
}

TEST(MainProgram, IsStoppedBeforeTheServices) {
  Pid1 pid1(beside(kWeb, {"probe", "main"}));
  pid1.expect_all({reported("web", "running"), reported("main", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence(
      {received("main", SIGTERM), exiting("main", 0), received("web", SIGTERM), exiting("web", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(MainProgram, ReadsWhatIsTypedAtTheTerminal) {
  Container container = beside(
      kWeb, {"sh", "-c", "test -t 0 && test -t 1 && read word && echo got $word >&2; exit 3"});
  container.terminal = Terminal::controlling;
  Pid1 pid1(container);
  pid1.expect(reported("web", "running"));
  pid1.type("hello\n");
  pid1.expect_log("got hello");
  EXPECT_EQ(pid1.wait(), 3);
}

TEST(MainProgram, IsInterruptedByTheKeyAndTheServicesAreNot) {
  Container container = beside(kWeb, {"probe", "main", "on=INT:4"});
  container.terminal = Terminal::controlling;
  Pid1 pid1(container);
  pid1.expect_all({reported("web", "running"), reported("main", "running")});
  pid1.type("\x03");
  pid1.expect_sequence({received("main", SIGINT), exiting("main", 4), received("web", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 4);
  EXPECT_EQ(pid1.count(received("web", SIGINT)), 0);
}

TEST(MainProgram, ThatNeverRanIsNoSuccess) {
  Pid1 pid1(beside(R"(
services:
  migrate: {type: oneshot, command: probe migrate}
)",
                   {"probe", "main"}));
  pid1.expect(reported("migrate", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 128 + SIGTERM);
  EXPECT_EQ(pid1.count(started("main")), 0);
  EXPECT_NE(pid1.err().find("; exit code 143\n"), std::string::npos) << "of nobody";
}

TEST(MainProgram, GivesTheExitCodeWhateverTheFileSays) {
  Pid1 pid1(beside(R"(
pid1: {exit_code_from: web}
services: {web: {command: probe web}}
)",
                   {"probe", "main", "exit=7"}));
  EXPECT_EQ(pid1.wait(), 7);
  EXPECT_NE(pid1.err().find("warning: this has no effect: the container's exit code is that of the "
                            "program on the command line"),
            std::string::npos);
}

TEST(MainProgram, LetsTheFilesErrorsEndItFirst) {
  Pid1 pid1(beside("services: {main: {command: probe web}}", {"probe", "main"}));
  EXPECT_EQ(pid1.wait(), 78);
  pid1.expect_log("`main` is the program on the command line");
  EXPECT_EQ(pid1.count(started("main")), 0);
}

}  // namespace

}  // namespace pid1::testing
