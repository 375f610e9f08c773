// What becomes of signals when pid1 runs one program.
#include <gtest/gtest.h>

#include <csignal>
#include <functional>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// KILL and STOP nobody catches, and CHLD is the init's own.
std::vector<int> forwarded_signals() {
  std::vector<int> signals;
  for (int signo = 1; signo <= 64; ++signo) {
    if (signo != SIGKILL && signo != SIGSTOP && signo != SIGCHLD) signals.push_back(signo);
  }
  return signals;
}

bool kills_by_default(int signo) {
  switch (signo) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU: return false;
    default: return true;
  }
}

bool is_stopped(const Pid1& pid1, const std::string& command) {
  for (const Process& process : pid1.processes()) {
    if (process.command == command && process.state == 'T') return true;
  }
  return false;
}

int count_signals(const Pid1& pid1, const std::string& who) {
  int count = 0;
  for (const Event& event : pid1.events()) count += event.who == who && event.what == "signal";
  return count;
}

TEST(ForwardedSignals, AreAllOfThe64ThatCanBeCaughtFaultsToo) {
  Pid1 pid1(Container{.args = {"probe", "web", "deaf"}});
  pid1.expect(reported("web", "running"));
  for (const int signo : forwarded_signals()) {
    pid1.signal(signo);
    pid1.expect(received("web", signo));
  }
  EXPECT_EQ(count_signals(pid1, "web"), static_cast<int>(forwarded_signals().size()));
}

TEST(ForwardedSignals, GoToTheProgramAloneUnlessToldOtherwise) {
  Pid1 pid1(Container{.args = {"probe", "web", "deaf", "fork=child", "begin", "deaf", "end"}});
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  for (const int signo : {SIGHUP, SIGTERM, SIGRTMAX}) {
    pid1.signal(signo);
    pid1.expect(received("web", signo));
  }
  pid1.signal_inside(3, SIGUSR1);  // the child; what comes later isn't before this
  pid1.expect(received("child", SIGUSR1));
  EXPECT_EQ(count_signals(pid1, "child"), 1);
}

TEST(ForwardedSignals, GoToTheWholeGroupWhereThatIsWanted) {
  for (const char* argv0 : {"pid1", "tini", "docker-init", "catatonit"}) {
    Pid1 pid1(
        Container{.args = {"-g", "probe", "web", "deaf", "fork=child", "begin", "deaf", "end"},
                  .argv0 = argv0});
    pid1.expect_all({reported("web", "running"), reported("child", "running")});
    for (const int signo : forwarded_signals()) {
      pid1.signal(signo);
      pid1.expect_all({received("web", signo), received("child", signo)});
    }
  }
}

TEST(ForwardedSignals, AreRewrittenAndDroppedAsTheFlagsSay) {
  Pid1 pid1(Container{.args = {"-r", "TERM:QUIT", "-r", "HUP:0", "--rewrite=RTMIN+1:10", "-r",
                               "SEGV:64", "probe", "web", "deaf"}});
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGHUP);
  pid1.signal(SIGTERM);
  pid1.expect(received("web", SIGQUIT));
  pid1.signal(SIGRTMIN + 1);
  pid1.expect(received("web", SIGUSR1));
  pid1.signal(SIGSEGV);
  pid1.expect(received("web", 64));
  EXPECT_EQ(count_signals(pid1, "web"), 3);
}

// A thousand of one kind are a thousand, and none of them hides a TERM.
TEST(ForwardedSignals, OfTheRealTimeKindAllArrive) {
  Pid1 pid1(Container{.args = {"probe", "web"}});
  pid1.expect(reported("web", "running"));
  for (int i = 0; i < 500; ++i) pid1.signal(SIGRTMIN + 1);
  pid1.expect_sequence(std::vector<Matcher>(500, received("web", SIGRTMIN + 1)));
  pid1.signal(SIGTERM);
  pid1.expect(exiting("web", 0));
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(ForwardedSignals, AreRefusedOnceInWordsAndTheProgramGoesOn) {
  Pid1 pid1(
      Container{.args = {"probe-of-root", "web", "become=0", "gate=go", "exit=5"}, .user = 64321});
  pid1.expect(reported("web", "waiting"));
  pid1.signal(SIGHUP);
  pid1.signal(SIGUSR1);
  pid1.expect_log("cannot send SIGHUP: Operation not permitted");
  pid1.signal(SIGTERM);
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 5);
  const std::string& log = pid1.err();
  EXPECT_EQ(log.find("cannot send"), log.rfind("cannot send")) << log;
}

TEST(ASignalsDeath, IsToldAs128AndItsNumber) {
  for (int signo = 1; signo <= 64; ++signo) {
    if (!kills_by_default(signo)) continue;
    Pid1 pid1(Container{.args = {"probe", "web", "crash=" + std::to_string(signo)}});
    EXPECT_EQ(pid1.wait(), 128 + signo);
    EXPECT_EQ(pid1.err(), "");
  }
}

TEST(ASignalsDeath, IsToldWhereTheSignalWasForwarded) {
  for (const char* argv0 : {"pid1", "tini", "dumb-init", "catatonit"}) {
    Pid1 pid1(Container{.args = {"probe", "web", "die-on=TERM"}, .argv0 = argv0});
    pid1.expect(reported("web", "running"));
    pid1.signal(SIGTERM);
    EXPECT_EQ(pid1.wait(), 128 + SIGTERM);
  }
}

TEST(AJobsStop, IsASigstopUnderDumbInitWhichStopsItselfToo) {
  for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU}) {
    Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = "dumb-init", .guard = {"--beside"}});
    pid1.expect(reported("web", "running"));
    pid1.signal(signo);
    pid1.expect_eventually("stopped",
                           [&] { return is_stopped(pid1, "probe") && is_stopped(pid1, "pid1"); });
    pid1.signal(SIGCONT);
    pid1.expect(received("web", SIGCONT));
    pid1.signal(SIGTERM);
    EXPECT_EQ(pid1.wait(), 0);
  }
}

TEST(AJobsStop, ThatSomebodySentIsLeftToThem) {
  Pid1 pid1(Container{.args = {"probe", "web", "take=TSTP"}});
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTSTP);
  pid1.expect_eventually("stopped", [&] { return is_stopped(pid1, "probe"); });
  pid1.signal(SIGCONT);
  pid1.expect(received("web", SIGCONT));
}

}  // namespace

}  // namespace pid1::testing
