// pid1 with less than it may wish for: it does the same.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr const char* kConfig = R"(
services:
  web: {command: probe web, depends_on: [db]}
  db: {command: probe db fail-times=1:1, restart: {delay: 10ms}}
  parent: {command: probe parent orphans=100}
)";

// Start, restart, orphans, a signal, an ordered stop.
void expect_all_the_same(Pid1& pid1, std::size_t other_processes = 1) {
  const auto events = pid1.expect_all({exiting("db", 1), reported("db", "running"),
                                       reported("web", "running"), reported("parent", "running")});
  pid1.expect_eventually("reaped", [&] { return pid1.processes().size() == 3 + other_processes; });
  pid1.signal(SIGHUP);
  pid1.expect_all({received("web", SIGHUP), received("db", SIGHUP), received("parent", SIGHUP)});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(exiting("parent", 0)), 1);
}

// Without a counter file: nothing can be written.
constexpr const char* kReadOnlyConfig = R"(
services:
  web: {command: probe web, depends_on: [db]}
  db: {command: probe db}
)";

void expect_ordered_life(Pid1& pid1) {
  pid1.expect_all({reported("web", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Restricted, ToAnOrdinaryUser) {
  Pid1 pid1(Container{.config = kConfig, .user = 64321});
  expect_all_the_same(pid1);
}

TEST(Restricted, ToNoCapabilities) {
  Pid1 pid1(Container{.config = kConfig, .restrictions = {Restriction::no_capabilities}});
  expect_all_the_same(pid1);
}

TEST(Restricted, ToAReadOnlyRoot) {
  Pid1 pid1(Container{.config = kReadOnlyConfig, .restrictions = {Restriction::read_only_root}});
  expect_ordered_life(pid1);
}

TEST(Restricted, ToANoexecRun) {
  Pid1 pid1(Container{.config = kConfig, .restrictions = {Restriction::noexec_run}});
  expect_all_the_same(pid1);
}

TEST(Restricted, ToEverythingThatAHardenedContainerAllows) {
  PidsCgroup cgroup(16);
  Pid1 pid1(Container{.config = kReadOnlyConfig,
                      .restrictions = {Restriction::read_only_root, Restriction::noexec_run,
                                       Restriction::no_capabilities, Restriction::no_new_privs},
                      .user = 64321,
                      .cgroup = &cgroup});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["no_new_privs"], "1");
  EXPECT_EQ(start["uid"], "64321");
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Restricted, ToFewDescriptors) {
  for (const auto restriction :
       {Restriction::closed_stdin, Restriction::closed_stdout, Restriction::closed_stderr}) {
    Pid1 pid1(Container{.config = kConfig, .restrictions = {restriction}});
    expect_all_the_same(pid1);
    EXPECT_EQ(pid1.events().front()["fds"], "0,1,2");
  }
}

TEST(Restricted, ToNoDescriptorsAtAll) {
  Pid1 pid1(Container{.config = kConfig,
                      .environment = {{"PID1_LOG_LEVEL", "debug"}},
                      .restrictions = {Restriction::closed_stdin, Restriction::closed_stdout,
                                       Restriction::closed_stderr}});
  expect_all_the_same(pid1);
  EXPECT_EQ(pid1.events().front()["fds"], "0,1,2");
}

TEST(NotPid1, DoesTheSame) {
  Pid1 pid1(Container{.config = kConfig, .guard = {"--beside"}});
  expect_all_the_same(pid1, 3);
}

TEST(NotPid1, AdoptsAndReapsWhatItsServicesLeaveBehind) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web fork=parent begin setsid fork=daemon begin end exit=0 end}
)",
                      .guard = {"--beside"}});
  pid1.expect_all({reported("web", "running"), reported("daemon", "running"),
                   reported("bystander", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("daemon", SIGTERM), exiting("daemon", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(NotPid1, NeverSignalsWhatItDidNotStart) {
  Pid1 pid1(Container{.config = R"(
pid1: {stop_grace_period: 1s}
services:
  web: {command: probe web fork=parent begin setsid fork=daemon begin deaf end exit=0 end}
)",
                      .guard = {"--beside"}});
  pid1.expect_all({reported("web", "running"), reported("daemon", "running"),
                   reported("bystander", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("daemon", SIGTERM), exiting("bystander", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  int heard = 0;
  for (const Event& event : pid1.events()) {
    if (event.who == "bystander" && event.what == "signal") ++heard;
  }
  EXPECT_EQ(heard, 1) << "the guard's own SIGPWR at the end";
}

}  // namespace

}  // namespace pid1::testing
