// The last line and the termination log: why the container ended.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

std::string last_line(const std::string& text) {
  const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
  return trimmed.substr(trimmed.find_last_of('\n') + 1);
}

::testing::AssertionResult holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected \"" << part << "\" in: " << text;
}

boost::json::value termination_log(const Pid1& pid1) {
  return boost::json::parse(pid1.content_of("termination-log"));
}

// Errors only: the last line is written all the same.
Container quiet(const std::string& config) {
  return Container{.config = config, .environment = {{"PID1_LOG_LEVEL", "error"}}};
}

TEST(Ending, NamesTheSignalThatAskedForIt) {
  Pid1 pid1(quiet("services: {web: {command: probe web}}"));
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(last_line(pid1.err()), "SIGTERM"));
  EXPECT_TRUE(holds(last_line(pid1.err()), "exit code 0"));
  const auto log = termination_log(pid1);
  EXPECT_EQ(log.at("cause"), "asked");
  EXPECT_EQ(log.at("signal"), "SIGTERM");
  EXPECT_EQ(log.at("exit_code"), 0);
  EXPECT_EQ(log.at("forced"), false);
}

TEST(Ending, NamesTheProcessInsideThatAskedForIt) {
  Pid1 pid1(quiet("services: {web: {command: probe web send=1:QUIT}}"));
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(last_line(pid1.err()), "SIGQUIT from web, pid " + start["pid"] + ", uid 0"));
  EXPECT_EQ(termination_log(pid1).at("sender_pid"), start.number("pid"));
  EXPECT_EQ(termination_log(pid1).at("sender_service"), "web");
}

TEST(Ending, NamesTheServiceAndItsCode) {
  Pid1 pid1(quiet("services: {web: {command: probe web exit=9, restart: \"no\"}}"));
  EXPECT_EQ(pid1.wait(), 9);
  EXPECT_TRUE(holds(last_line(pid1.err()), "web"));
  EXPECT_TRUE(holds(last_line(pid1.err()), "code 9"));
  const auto log = termination_log(pid1);
  EXPECT_EQ(log.at("cause"), "service_failed");
  EXPECT_EQ(log.at("service"), "web");
  EXPECT_EQ(log.at("service_exit_code"), 9);
  EXPECT_EQ(log.at("exit_code"), 9);
}

TEST(Ending, NamesTheSignalThatKilledTheService) {
  Pid1 pid1(quiet("services: {web: {command: probe web crash=SEGV, restart: \"no\"}}"));
  EXPECT_EQ(pid1.wait(), 128 + SIGSEGV);
  EXPECT_TRUE(holds(last_line(pid1.err()), "SIGSEGV"));
  EXPECT_EQ(termination_log(pid1).at("service_signal"), "SIGSEGV");
}

TEST(Ending, NamesTheDependencyThatWasMissing) {
  Pid1 pid1(quiet(R"(
services:
  web: {command: probe web, depends_on: {migrate: {condition: service_completed_successfully}}}
  migrate: {type: oneshot, command: probe migrate exit=3, restart: "no", on_failure: ignore}
)"));
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_TRUE(holds(pid1.err(), "web: cannot run: it depends on migrate"));
  EXPECT_EQ(termination_log(pid1).at("service"), "web");
}

TEST(Ending, SaysThatNothingIsLeft) {
  Pid1 pid1(quiet("services: {job: {command: probe job exit=0}}"));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_TRUE(holds(last_line(pid1.err()), "no service is left"));
  EXPECT_EQ(termination_log(pid1).at("cause"), "nothing_left");
}

TEST(Ending, SaysThatForceWasUsed) {
  Pid1 pid1(quiet("services: {web: {command: probe web deaf, stop_grace_period: 1h}}"));
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGINT);
  pid1.expect(received("web", SIGTERM));
  pid1.signal(SIGINT);
  pid1.wait();
  EXPECT_TRUE(holds(last_line(pid1.err()), "force"));
  EXPECT_EQ(termination_log(pid1).at("forced"), true);
}

TEST(Ending, DoesNotCallItForceThatAServiceOutlivedItsGracePeriod) {
  Pid1 pid1(quiet("services: {web: {command: probe web deaf, stop_grace_period: 1ms}}"));
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.wait();
  EXPECT_EQ(termination_log(pid1).at("forced"), false);
}

TEST(Ending, DoesNotNeedATerminationLog) {
  Pid1 pid1(Container{.config = "services: {job: {command: probe job exit=0}}",
                      .environment = {{"PID1_TERMINATION_LOG", "/nowhere/at/all"}}});
  EXPECT_EQ(pid1.wait(), 0);
}

// A FIFO without a reader, a device: whatever stands there, the end comes.
TEST(Ending, IsNotHeldUpByATerminationLogThatNobodyReads) {
  Pid1 pid1(Container{.config = "services: {job: {command: probe job gate=fifo exit=0}}",
                      .environment = {{"PID1_TERMINATION_LOG", "fifo"}}});
  pid1.expect(reported("job", "waiting"));
  pid1.open_gate("fifo");
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
