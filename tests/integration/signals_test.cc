#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Signals, ReachEveryRunningService) {
  Pid1 pid1(R"(
services:
  a: {command: probe a}
  b: {command: probe b}
)");
  pid1.expect_all({reported("a", "running"), reported("b", "running")});
  for (const int signo : {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGRTMIN, SIGRTMIN + 1, SIGRTMAX}) {
    pid1.signal(signo);
    pid1.expect_all({received("a", signo), received("b", signo)});
  }
}

// nginx takes WINCH, which a resized window sends, as a request to end its workers.
TEST(Signals, OfTheTerminalAndTheKernelStayWithPid1) {
  Pid1 pid1("services: {web: {command: probe web}}");
  pid1.expect(reported("web", "running"));
  for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGCHLD, SIGURG, SIGIO, SIGWINCH})
    pid1.signal(signo);
  pid1.signal(SIGRTMAX);
  pid1.expect(received("web", SIGRTMAX));
  int heard = 0;
  for (const Event& event : pid1.events()) heard += event.what == "signal" ? 1 : 0;
  EXPECT_EQ(heard, 1);
}

TEST(Signals, ReachOnlyTheMainProcess) {
  Pid1 pid1("services: {web: {command: probe web fork=child begin end}}");
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGHUP);
  pid1.expect(received("web", SIGHUP));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("child", SIGHUP)), 0);
}

TEST(Signals, DoAsTheRulesSay) {
  Pid1 pid1(R"(
pid1:
  signals:
    SIGHUP: ignore
    USR1: SIGUSR2
    SIGALRM: {a: SIGQUIT}
    SIGPIPE: forward
    SIGTERM: forward
    SIGWINCH: shutdown
services:
  a: {command: probe a deaf on=QUIT:0, stop_signal: SIGQUIT, restart: always}
  b: {command: probe b deaf on=QUIT:0, stop_signal: SIGQUIT}
)");
  pid1.expect_all({reported("a", "running"), reported("b", "running")});
  pid1.signal(SIGHUP);
  pid1.signal(SIGUSR1);
  pid1.expect_all({received("a", SIGUSR2), received("b", SIGUSR2)});
  pid1.signal(SIGPIPE);
  pid1.expect_all({received("a", SIGPIPE), received("b", SIGPIPE)});
  pid1.signal(SIGTERM);
  pid1.expect_all({received("a", SIGTERM), received("b", SIGTERM)});
  pid1.signal(SIGALRM);
  pid1.expect_sequence({exiting("a", 0), reported("a", "running")});
  EXPECT_EQ(pid1.count(received("b", SIGQUIT)), 0);
  pid1.signal(SIGWINCH);
  pid1.expect_all({exiting("a", 0), exiting("b", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  for (const char* name : {"a", "b"}) {
    EXPECT_EQ(pid1.count(received(name, SIGHUP)), 0);
    EXPECT_EQ(pid1.count(received(name, SIGUSR1)), 0);
    EXPECT_EQ(pid1.count(received(name, SIGALRM)), 0);
    EXPECT_EQ(pid1.count(received(name, SIGWINCH)), 0);
  }
}

TEST(Signals, AskedForInABurstDoNotBuryAStop) {
  Pid1 pid1("services: {web: {command: probe web}}");
  pid1.expect(reported("web", "running"));
  for (int i = 0; i < 10000; ++i) pid1.signal(SIGUSR1);
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGUSR1), received("web", SIGTERM), exiting("web", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

// Real-time signals queue up, one record for each that was sent.
TEST(Signals, OfTheRealTimeKindAllArrive) {
  Pid1 pid1("services: {web: {command: probe web}}");
  pid1.expect(reported("web", "running"));
  for (int i = 0; i < 500; ++i) pid1.signal(SIGRTMIN + 1);
  pid1.expect_sequence(std::vector<Matcher>(500, received("web", SIGRTMIN + 1)));
}

TEST(Signals, ForAServiceThatIsDownAreNotKeptForItsReturn) {
  Pid1 pid1(R"(
services:
  flaky: {command: probe flaky exit=1, restart: {delay: 1h, max_delay: 2h}}
  web: {command: probe web}
)");
  pid1.expect_all({exiting("flaky", 1), reported("web", "running")});
  pid1.signal(SIGHUP);
  pid1.expect(received("web", SIGHUP));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Dispositions, AreHandedOnAsPid1WasGivenThem) {
  Pid1 pid1(Container{.config = "services: {web: {command: probe web}}",
                      .restrictions = {Restriction::blocked_usr1}});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["mask"], std::to_string(SIGUSR1));
  EXPECT_EQ(start["ignored"], "");
}

// tini and catatonit hang there: with SIGCHLD ignored the kernel keeps no status to wait for.
TEST(Dispositions, DoNotHideTheEndOfAServiceWherePid1WasStartedWithSigchldIgnored) {
  Pid1 pid1(
      Container{.config = "services: {web: {command: probe web gate=go exit=4, restart: \"no\"}}",
                .restrictions = {Restriction::ignored_sigchld}});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["ignored"], std::to_string(SIGCHLD));
  pid1.expect(reported("web", "waiting"));
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 4);
}

}  // namespace

}  // namespace pid1::testing
