// One program at a terminal: its keys, its foreground, and shells above.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr const char* kCtrlC = "\x03";
constexpr const char* kCtrlBackslash = "\x1c";
constexpr const char* kCtrlZ = "\x1a";

Container at_terminal(std::vector<std::string> args, const std::string& argv0 = "pid1") {
  return {.args = std::move(args), .argv0 = argv0, .terminal = Terminal::controlling};
}

// A shell as the first process, at a terminal.
Container in_shell(const std::string& script) {
  return {.command = {"/bin/sh", "-c", script}, .terminal = Terminal::controlling};
}

bool is_stopped(const Pid1& pid1, const std::string& command) {
  for (const Process& process : pid1.processes()) {
    if (process.command == command && process.state == 'T') return true;
  }
  return false;
}

TEST(TheForeground, IsTheProgramsFromItsFirstInstruction) {
  for (const char* name : {"pid1", "tini", "catatonit"}) {
    Pid1 pid1(at_terminal({"probe", "web"}, name));
    const Event start = pid1.expect(started("web"));
    EXPECT_EQ(start["tpgid"], start["pid"]);
    EXPECT_EQ(start["pgid"], start["pid"]);
    EXPECT_EQ(start["sid"], "1");
    EXPECT_EQ(pid1.err(), "");
  }
}

TEST(TheForeground, AndTheTerminalAreTheProgramsOwnUnderDumbInit) {
  Pid1 pid1(at_terminal({"probe", "web"}, "dumb-init"));
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["sid"], start["pid"]);
  EXPECT_EQ(start["tpgid"], start["pid"]);
  EXPECT_EQ(pid1.err(), "");
}

TEST(TheForeground, IsTakenBackAtTheEnd) {
  for (const char* name : {"pid1", "tini", "catatonit", "dumb-init -c"}) {
    Pid1 pid1(in_shell(std::string(name) + " probe web exit=0; probe after"));
    const Event web = pid1.expect(started("web"));
    EXPECT_EQ(web["tpgid"], web["pid"]);
    const Event after = pid1.expect(started("after"));
    EXPECT_EQ(after["tpgid"], after["pgid"]);
  }
}

TEST(TheForeground, IsNotGivenByAJobInTheBackground) {
  Pid1 pid1(in_shell("set -m; pid1 probe web & probe shell gate=end"));
  const Event web = pid1.expect(started("web"));
  EXPECT_NE(web["tpgid"], web["pgid"]);
  EXPECT_EQ(pid1.err(), "");
}

// A script's job in the background has /dev/null for its input, and the script the foreground.
TEST(TheForeground, StaysWithAScriptThatReadsWhileTheProgramIsInItsBackground) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    SCOPED_TRACE(name);
    Pid1 pid1(in_shell(std::string(name) + " probe web & read -r line; probe after"));
    const Event web = pid1.expect(started("web"));
    EXPECT_NE(web["tpgid"], web["pgid"]);
    EXPECT_EQ(pid1.foreground_group(), 1);
    pid1.type("line\n");
    pid1.expect(started("after"));
    EXPECT_EQ(pid1.err(), "");
  }
}

TEST(Keys, ReachTheProgramOnce) {
  for (const char* name : {"pid1", "tini", "catatonit", "dumb-init", "pid1 -g", "tini -g",
                           "dumb-init -c", "DUMB_INIT_SETSID=0 dumb-init"}) {
    for (const std::string before : {"", "exec "}) {
      SCOPED_TRACE(before + name);
      if (!before.empty() && std::string(name).find('=') != std::string::npos) continue;
      Pid1 pid1(in_shell(before + name + " probe web deaf"));
      pid1.expect(reported("web", "running"));
      pid1.type(kCtrlC);
      pid1.expect(received("web", SIGINT));
      pid1.type(kCtrlBackslash);
      pid1.expect(received("web", SIGQUIT));
      pid1.signal_inside(pid1.pid_of("web"), SIGUSR1);
      pid1.expect(received("web", SIGUSR1));
      EXPECT_EQ(pid1.count(received("web", SIGINT)), 1);
      EXPECT_EQ(pid1.count(received("web", SIGQUIT)), 1);
    }
  }
}

TEST(CtrlC, EndsAProgramThatDoesNotCatchIt) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    Pid1 pid1(at_terminal({"probe", "web", "take=INT"}, name));
    pid1.expect(reported("web", "running"));
    pid1.type(kCtrlC);
    EXPECT_EQ(pid1.wait(), 128 + SIGINT);
  }
}

TEST(CtrlZ, DoesNotLeaveTheProgramStoppedWhereNobodyIsAbove) {
  for (const char* name : {"pid1", "tini", "catatonit"}) {
    Pid1 pid1(at_terminal({"probe", "web", "take=TSTP"}, name));
    pid1.expect(reported("web", "running"));
    for (int i = 0; i < 3; ++i) {
      pid1.type(kCtrlZ);
      pid1.expect(received("web", SIGCONT));
    }
    EXPECT_FALSE(is_stopped(pid1, "probe"));
  }
}

// docker run --init, and an image with an init of its own.
TEST(CtrlZ, DoesNotLeaveInitsStoppedOfWhichOneRunsTheOther) {
  for (const char* inner : {"pid1", "tini", "catatonit", "dumb-init", "dumb-init -c"}) {
    for (const char* outer : {"docker-init", "dumb-init -c"}) {
      SCOPED_TRACE(std::string(outer) + " over " + inner);
      Pid1 pid1(in_shell("exec " + std::string(outer) + " -- " + inner +
                         " probe web take=TSTP on=TERM:5"));
      pid1.expect(reported("web", "running"));
      for (int i = 0; i < 3; ++i) {
        pid1.type(kCtrlZ);
        pid1.expect(received("web", SIGCONT));
      }
      pid1.signal(SIGTERM);
      EXPECT_EQ(pid1.wait(), 5);
    }
  }
}

TEST(CtrlZ, DoesNotLeaveTheProgramStoppedBelowAnImagesScript) {
  for (const char* way : {"pid1 probe web take=TSTP", "pid1 probe web take=TSTP </dev/null",
                          "dumb-init probe web", "dumb-init -c probe web take=TSTP"}) {
    SCOPED_TRACE(way);
    Pid1 pid1(in_shell(std::string(way) + "; probe after"));
    pid1.expect(reported("web", "running"));
    for (int i = 0; i < 3; ++i) {
      pid1.type(kCtrlZ);
      pid1.expect(received("web", SIGCONT));
    }
    EXPECT_FALSE(is_stopped(pid1, "probe"));
  }
}

TEST(CtrlZ, DoesNotStopASessionOfItsOwn) {
  Pid1 pid1(at_terminal({"probe", "web", "take=TSTP"}, "dumb-init"));
  pid1.expect(reported("web", "running"));
  pid1.type(kCtrlZ);
  pid1.type(kCtrlC);
  pid1.expect(received("web", SIGINT));
  EXPECT_FALSE(is_stopped(pid1, "probe"));
}

TEST(CtrlZ, StopsPid1TooBelowAShellWhichBringsBothBackToTheForeground) {
  for (const char* name : {"pid1", "tini", "catatonit", "dumb-init -c"}) {
    SCOPED_TRACE(name);
    Pid1 pid1(in_shell("set -m; " + std::string(name) +
                       " probe web take=TSTP on=TERM:5; probe shell gate=on exit=0; fg; "
                       "probe end exit=$?"));
    pid1.expect(reported("web", "running"));
    pid1.type(kCtrlZ);
    const Event shell = pid1.expect(started("shell"));
    EXPECT_EQ(shell["tpgid"], shell["pgid"]);
    EXPECT_TRUE(is_stopped(pid1, std::string(name).substr(0, std::string(name).find(' '))));
    pid1.expect(reported("shell", "waiting"));
    pid1.open_gate("on");
    pid1.expect(received("web", SIGCONT));
    pid1.expect_eventually("in the foreground",
                           [&] { return pid1.foreground_group() == pid1.pid_of("web"); });
    pid1.type(kCtrlC);
    pid1.expect(received("web", SIGINT));
    EXPECT_EQ(pid1.count(received("web", SIGINT)), 1);
    pid1.signal_inside(pid1.pid_of("web"), SIGTERM);
    pid1.expect(exiting("end", 5));
  }
}

// Whoever stands between is of the job, and stops with it.
TEST(CtrlZ, ReachesTheShellAboveThroughAScriptOrTimeout) {
  for (const char* job : {"sh -c 'pid1 probe web take=TSTP on=TERM:5; exit $?'",
                          "timeout --foreground 1000 pid1 probe web take=TSTP on=TERM:5",
                          "pid1 -- tini probe web take=TSTP on=TERM:5",
                          "pid1 probe web take=TSTP on=TERM:5 </dev/null"}) {
    SCOPED_TRACE(job);
    Pid1 pid1(in_shell("set -m; " + std::string(job) +
                       "; probe shell gate=on exit=0; fg; probe end exit=$?"));
    pid1.expect(reported("web", "running"));
    pid1.type(kCtrlZ);
    const Event shell = pid1.expect(started("shell"));
    EXPECT_EQ(shell["tpgid"], shell["pgid"]);
    EXPECT_TRUE(is_stopped(pid1, "probe"));
    pid1.expect(reported("shell", "waiting"));
    pid1.open_gate("on");
    pid1.expect(received("web", SIGCONT));
    pid1.type(kCtrlC);
    pid1.expect(received("web", SIGINT));
    pid1.signal_inside(pid1.pid_of("web"), SIGTERM);
    pid1.expect(exiting("end", 5));
  }
}

TEST(CtrlZ, LetsAJobGoOnInTheBackground) {
  Pid1 pid1(in_shell("set -m; pid1 probe web take=TSTP on=HUP:5; bg; probe shell"));
  pid1.expect(reported("web", "running"));
  pid1.type(kCtrlZ);
  pid1.expect(received("web", SIGCONT));
  const Event shell = pid1.expect(started("shell"));
  EXPECT_EQ(shell["tpgid"], shell["pgid"]);
  pid1.type(kCtrlC);
  pid1.expect(received("shell", SIGINT));
  EXPECT_EQ(pid1.count(received("web", SIGINT)), 0);
}

TEST(WithoutATerminal, NothingIsAmissAndNothingSaid) {
  const char* const ways[] = {"pid1 probe web exit=4 </dev/null",
                              "pid1 probe web exit=4 <&-",
                              "true | pid1 probe web exit=4",
                              "setsid -w pid1 probe web exit=4",
                              "setsid -w pid1 probe web exit=4 </dev/null >/dev/null",
                              "setsid -w dumb-init probe web exit=4",
                              "setsid -w tini probe web exit=4"};
  for (const char* way : ways) {
    SCOPED_TRACE(way);
    Pid1 pid1(in_shell(std::string(way) + "; probe after exit=$?"));
    pid1.expect_sequence({exiting("web", 4)});
    pid1.expect(exiting("after", 4));
    EXPECT_EQ(pid1.err(), "");
  }
}

}  // namespace

}  // namespace pid1::testing
