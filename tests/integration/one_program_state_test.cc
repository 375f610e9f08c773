// What one program is given: what pid1 was given, measured by running it without pid1.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

using Facts = std::map<std::string, std::string>;

constexpr const char* kNames[] = {"pid1", "tini", "dumb-init", "catatonit"};

struct State {
  Facts facts;
  Facts environment;
};

State state_in(const Container& container) {
  Pid1 pid1(container);
  State state;
  state.facts = pid1.expect(started("web")).facts;
  state.environment = pid1.expect(reported("web", "environment")).facts;
  EXPECT_EQ(state.facts["cwd"], pid1.folder());
  EXPECT_EQ(state.environment["PROBE_DIR"], pid1.folder());
  // Each container's own.
  for (const char* name : {"cwd", "pid", "ppid", "pgid", "sid", "tpgid"}) state.facts.erase(name);
  for (const char* name : {"PROBE_DIR", "PID1_TERMINATION_LOG"}) state.environment.erase(name);
  return state;
}

void expect_handed_on(Container container) {
  Container alone = container;
  alone.command = {"probe", "web", "environment"};
  const State given = state_in(alone);
  container.args = {"probe", "web", "environment"};
  for (const char* name : kNames) {
    SCOPED_TRACE(name);
    container.argv0 = name;
    const State state = state_in(container);
    EXPECT_EQ(state.facts, given.facts);
    EXPECT_EQ(state.environment, given.environment);
  }
}

TEST(TheProgramsState, IsWhatPid1WasGiven) { expect_handed_on({}); }

TEST(TheProgramsState, HasTheMaskThatWasInherited) {
  expect_handed_on({.blocked = {SIGUSR1, SIGTTOU, SIGTTIN, SIGTSTP, SIGCHLD, SIGRTMIN, SIGRTMAX}});
  expect_handed_on({.blocked = {SIGTERM, SIGSEGV, SIGABRT}});
}

TEST(TheProgramsState, HasTheIgnoredSignalsThatWereInherited) {
  expect_handed_on({.ignored = {SIGCHLD}});
  expect_handed_on({.ignored = {SIGPIPE, SIGHUP, SIGINT, SIGTTOU, SIGTSTP, SIGSEGV, SIGRTMIN}});
}

TEST(TheProgramsState, HasTheDescriptorsThatWereInheritedAndNoneOfPid1s) {
  expect_handed_on({.descriptors = {3, 5, 100}});
}

TEST(TheProgramsState, HasTheStandardDescriptorsThatWereClosed) {
  expect_handed_on({.restrictions = {Restriction::closed_stdin}});
  expect_handed_on({.restrictions = {Restriction::closed_stdin, Restriction::closed_stdout,
                                     Restriction::closed_stderr},
                    .descriptors = {4}});
}

TEST(TheProgramsState, HasTheLimitsAndTheUmaskAndTheUserThatWereInherited) {
  expect_handed_on({.user = 64321,
                    .limits = {{RLIMIT_NOFILE, 77}, {RLIMIT_CORE, 0}, {RLIMIT_STACK, 1 << 20}},
                    .umask = 027});
  expect_handed_on(
      {.restrictions = {Restriction::no_new_privs, Restriction::no_capabilities}, .umask = 0});
}

TEST(TheProgramsState, HasItsEnvironmentWithWhateverIsInIt) {
  expect_handed_on({.environment = {{"EMPTY", ""},
                                    {"LINES", "a\nb"},
                                    {"PID1_LOG_LEVEL", "error"},
                                    {"TINI_SUBREAPER", "1"},
                                    {"LISTEN_PID", "77"},
                                    {"LISTEN_FDS", "1"}}});
}

TEST(TheProgramsState, HasAGroupOfItsOwnInTheSessionThatWasInherited) {
  for (const char* name : {"pid1", "tini", "catatonit"}) {
    Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = name});
    const Event start = pid1.expect(started("web"));
    EXPECT_EQ(start["ppid"], "1");
    EXPECT_EQ(start["pgid"], start["pid"]);
    EXPECT_EQ(start["sid"], "1");
    EXPECT_EQ(start["tpgid"], "-1");
  }
}

TEST(TheProgramsState, HasASessionOfItsOwnUnderDumbInit) {
  Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = "dumb-init"});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["pgid"], start["pid"]);
  EXPECT_EQ(start["sid"], start["pid"]);
}

TEST(PassedSockets, AreTheProgramsOwn) {
  for (const char* name : kNames) {
    Pid1 pid1(Container{
        .args = {"probe", "web", "environment"},
        .environment = {{"LISTEN_PID", "1"}, {"LISTEN_FDS", "2"}, {"LISTEN_FDNAMES", "a:b"}},
        .argv0 = name,
        .descriptors = {3, 4}});
    const Event start = pid1.expect(started("web"));
    EXPECT_EQ(start["fds"], "0,1,2,3,4");
    const Event variables = pid1.expect(reported("web", "environment"));
    EXPECT_EQ(variables["LISTEN_PID"], start["pid"]);
    EXPECT_EQ(variables["LISTEN_FDS"], "2");
    EXPECT_EQ(variables["LISTEN_FDNAMES"], "a:b");
  }
}

TEST(Flags, ChangeTheEnvironmentTheDirectoryAndTheUser) {
  Pid1 pid1(Container{.args = {"-E", "A=1=2", "--env", "HOME=/elsewhere", "-C", "/usr", "-u",
                               "nobody", "probe", "web", "environment"},
                      .environment = {{"HOME", "/root"}, {"USER", "root"}}});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["cwd"], "/usr");
  EXPECT_EQ(start["uid"], "65534");
  EXPECT_EQ(start["gid"], "65534");
  const Event variables = pid1.expect(reported("web", "environment"));
  EXPECT_EQ(variables["A"], "1=2");
  EXPECT_EQ(variables["HOME"], "/elsewhere");
  EXPECT_EQ(variables["USER"], "nobody");
  EXPECT_EQ(variables["LOGNAME"], "nobody");
}

TEST(Flags, TakeAUserAndAGroupByNumber) {
  Pid1 pid1(Container{.args = {"--user=4100:4200", "probe", "web"}});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["uid"], "4100");
  EXPECT_EQ(start["gid"], "4200");
}

// So that it keeps no filesystem from being unmounted.
TEST(DumbInit, LeavesTheDirectoryThatTheProgramIsIn) {
  Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = "dumb-init"});
  EXPECT_EQ(pid1.expect(started("web"))["cwd"], pid1.folder());
  pid1.expect_eventually("in /", [&] { return pid1.link_of(1, "cwd") == "/"; });
}

}  // namespace

}  // namespace pid1::testing
