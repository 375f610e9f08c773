// Programs that can't be run: pid1 says which service, what, and why.
#include <gtest/gtest.h>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// Runs `service` alone, without a second try. What pid1 had to say, and its exit code.
struct Refusal {
  std::string log;
  int code;
};

Refusal refuse(const std::string& service, std::map<std::string, std::string> files = {},
               std::map<std::string, std::string> programs = {}) {
  Pid1 pid1(Container{.config = "services: {web: {restart: \"no\", " + service + "}}",
                      .files = std::move(files),
                      .programs = std::move(programs)});
  const int code = pid1.wait();
  return {pid1.err(), code};
}

::testing::AssertionResult says(const Refusal& refusal, const std::string& text) {
  if (refusal.log.find(text) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected \"" << text << "\" in:\n" << refusal.log;
}

TEST(Exec, SaysThatAProgramIsNotThere) {
  const Refusal refusal = refuse("command: /nowhere/at/all");
  EXPECT_TRUE(says(refusal, "web: cannot run /nowhere/at/all: program not found"));
  EXPECT_EQ(refusal.code, 127);
}

TEST(Exec, SaysWhereAProgramWasLookedFor) {
  const Refusal refusal = refuse("command: nothing-of-the-kind, environment: {PATH: \"/a:/b\"}");
  EXPECT_TRUE(
      says(refusal, "web: cannot run nothing-of-the-kind: program not found in PATH (/a:/b)"));
  EXPECT_EQ(refusal.code, 127);
}

TEST(Exec, SaysThatAFileIsNotExecutable) {
  const Refusal refusal =
      refuse("command: ./script, working_dir: $PROBE_DIR", {{"script", "#!/bin/sh\n"}});
  EXPECT_TRUE(says(refusal, "web: cannot run ./script: ./script is not executable"));
  EXPECT_EQ(refusal.code, 126);
}

TEST(Exec, SaysThatAProgramIsADirectory) {
  const Refusal refusal = refuse("command: /usr");
  EXPECT_TRUE(says(refusal, "web: cannot run /usr: /usr is a directory"));
  EXPECT_EQ(refusal.code, 126);
}

TEST(Exec, SaysThatAnInterpreterIsMissing) {
  const Refusal refusal = refuse("command: ./script, working_dir: $PROBE_DIR", {},
                                 {{"script", "#!/opt/missing/python -u\n"}});
  EXPECT_TRUE(
      says(refusal, "web: cannot run ./script: its interpreter /opt/missing/python is missing"));
}

TEST(Exec, SaysThatAFileIsNoProgram) {
  const Refusal refusal = refuse("command: ./data, working_dir: $PROBE_DIR", {},
                                 {{"data", "neither script nor ELF\n"}});
  EXPECT_TRUE(says(refusal, "web: cannot run ./data: not a program"));
  EXPECT_EQ(refusal.code, 126);
}

TEST(Exec, SaysThatTheDirectoryIsMissing) {
  const Refusal refusal = refuse("command: probe web, working_dir: /nowhere");
  EXPECT_TRUE(says(refusal, "web: cannot change to /nowhere: No such file or directory"));
  EXPECT_EQ(refusal.code, 126);
}

TEST(Exec, SaysThatTheUserIsUnknown) {
  const Refusal refusal = refuse("command: probe web, user: nobody-of-that-name");
  EXPECT_TRUE(says(refusal, "web: "));
  EXPECT_TRUE(says(refusal, "nobody-of-that-name"));
  EXPECT_NE(refusal.code, 0);
}

TEST(Exec, SaysThatTheUserCannotBeTakenOn) {
  Pid1 pid1(Container{
      .config = "services: {web: {command: probe web, user: \"4100:4100\", restart: \"no\"}}",
      .user = 64321});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_NE(
      pid1.err().find("web: user: can't become 4100: pid1 itself doesn't have SETGID, SETUID"),
      std::string::npos)
      << pid1.err();
}

TEST(Exec, SaysThatArgumentsAreTooLong) {
  const Refusal refusal = refuse("command: [probe, web, say=" + std::string(200000, 'x') + "]");
  EXPECT_TRUE(says(refusal, "web: cannot run probe: its arguments and environment are too long"));
  EXPECT_EQ(refusal.code, 126);
}

TEST(Exec, SaysThatTheGroupIsUnknown) {
  const Refusal refusal = refuse("command: probe web, user: \"0:group-of-no-name\"");
  EXPECT_TRUE(says(refusal, "web: "));
  EXPECT_TRUE(says(refusal, "group-of-no-name"));
  EXPECT_NE(refusal.code, 0);
}

TEST(Exec, FailureOfOneServiceDoesNotKeepOthersFromRunning) {
  Pid1 pid1(R"(
services:
  broken: {command: /nowhere, restart: {max_attempts: 1, delay: 10ms}, on_failure: ignore}
  web: {command: probe web gate=go}
)");
  pid1.expect_log("broken: cannot run");
  pid1.expect_log("broken: cannot run");
  pid1.expect(reported("web", "waiting"));
  pid1.open_gate("go");
  pid1.expect(reported("web", "running"));
}

}  // namespace

}  // namespace pid1::testing
