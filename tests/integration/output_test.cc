// What pid1 writes, and what happens where nobody reads it.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// Every line is one that pid1 meant to write, whatever names and commands hold.
void expect_harmless(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("pid1: ")) << line;
    EXPECT_TRUE(std::ranges::none_of(line, [](unsigned char c) { return c < ' ' || c == 0x7f; }))
        << line;
    EXPECT_EQ(line.find("\xc2\x9b"), std::string::npos)
        << "a control sequence's beginning (C1) in " << line;
  }
}

TEST(Log, HoldsNoControlCharactersOfACommandThatIsMissing) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: ["/no\e[2J\nsuch\rprogram\x7f\u009b"], restart: {max_attempts: 1, delay: 10ms}}
)",
                      .environment = {{"PID1_LOG_LEVEL", "debug"}}});
  EXPECT_EQ(pid1.wait(), 127);
  EXPECT_NE(pid1.err().find("web: "), std::string::npos);
  expect_harmless(pid1.err());
}

TEST(Log, HoldsNoControlCharactersOfArgumentsLabelsAndVariables) {
  Pid1 pid1(Container{.config = R"(
services:
  web:
    command: [probe, web, "say=a\n\e]0;title\a", exit=3]
    labels: {"key\n\e[31m": "value\n\e[31m"}
    environment: {NAME: "value\n\e[31m"}
    working_dir: /usr
    restart: {max_attempts: 1, delay: 10ms}
)",
                      .environment = {{"PID1_LOG_LEVEL", "debug"}}});
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_EQ(pid1.expect(reported("web", "said"))["text"], "a\n\x1b]0;title\a");
  expect_harmless(pid1.err());
}

TEST(Log, HoldsNoControlCharactersOfADirectory) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web, working_dir: "/no\e[31m\nwhere", restart: "no"}
)"});
  EXPECT_EQ(pid1.wait(), 126);
  EXPECT_NE(pid1.err().find("web: cannot change to"), std::string::npos);
  expect_harmless(pid1.err());
}

TEST(Diagnostics, HoldNoEscapeSequences) {
  Pid1 pid1(Container{
      .config = "services:\n  \"we\\e[31mb\": {command: x}\n  a: {comand: \"\\e[31m\"}\n"});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_EQ(pid1.err().find('\x1b'), std::string::npos) << pid1.err();
}

TEST(Output, OfServicesComesThroughUntouched) {
  Pid1 pid1("services: {web: {command: probe web print=out complain=err}}");
  pid1.expect_output("out\n");
  pid1.expect_log("err\n");
}

void expect_everything_goes_on(Output output) {
  Pid1 pid1(Container{.config = R"(
services:
  flaky: {command: probe flaky fail-times=5:1, restart: {delay: 10ms}}
  parent: {command: probe parent orphans=1000}
  web: {command: probe web deaf, stop_grace_period: 500ms}
)",
                      .environment = {{"PID1_LOG_LEVEL", "debug"}},
                      .output = output});
  pid1.expect_all(
      {reported("flaky", "running"), reported("parent", "running"), reported("web", "running")});
  pid1.expect_eventually("reaped", [&] { return pid1.processes().size() == 4; });
  for (int i = 0; i < 2000; ++i) pid1.signal(SIGUSR1);
  pid1.signal(SIGHUP);
  pid1.expect_all({received("flaky", SIGHUP), received("parent", SIGHUP), received("web", SIGHUP)});
  pid1.signal(SIGTERM);
  pid1.expect_all({exiting("flaky", 0), exiting("parent", 0), received("web", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Output, ThatNobodyReadsStopsNothing) { expect_everything_goes_on(Output::blocked); }

TEST(Output, WhoseReaderHasGoneStopsNothing) { expect_everything_goes_on(Output::abandoned); }

TEST(Output, ThatNobodyReadsDoesNotKeepAServiceThatWaitsForItFromBeingStopped) {
  Pid1 pid1(Container{
      .config = "services: {web: {command: probe web say=x print=x, stop_grace_period: 500ms, "
                "logging: {driver: inherit}}}",
      .output = Output::blocked});
  pid1.expect(reported("web", "said"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(reported("web", "running")), 0);
}

// The kernel tells whoever writes past the limit by SIGXFSZ, which is not the program's.
TEST(AFileThatIsFull, CostsLinesAndTheProgramHearsNothingOfIt) {
  Pid1 pid1(Container{
      .command = {"/bin/sh", "-c", "ulimit -f 0; exec pid1 -vv probe web deaf on=TERM:3 2>log"}});
  pid1.expect(reported("web", "running"));
  for (int i = 0; i < 3; ++i) {
    pid1.signal(SIGHUP);
    pid1.expect(received("web", SIGHUP));
  }
  pid1.expect_eventually("at rest", [&] { return pid1.is_asleep(); });
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_EQ(pid1.count(received("web", SIGXFSZ)), 0);
  EXPECT_EQ(pid1.content_of("log"), "");
}

TEST(AFileThatIsFull, DisturbsNoSupervisorThatForwardsItsSignal) {
  Pid1 pid1(Container{
      .config = "pid1: {signals: {SIGXFSZ: SIGUSR1}}\nservices: {web: {command: probe web deaf}}\n",
      .command = {"/bin/sh", "-c", "ulimit -f 0; exec pid1 \"$@\" --log-level debug 2>log", "sh"}});
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGHUP);
  pid1.expect(received("web", SIGHUP));
  pid1.expect_eventually("at rest", [&] { return pid1.is_asleep(); });
  EXPECT_EQ(pid1.count(received("web", SIGUSR1)), 0);
}

}  // namespace

}  // namespace pid1::testing
