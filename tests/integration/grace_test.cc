#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Grace, EndsWithSigkillForAServiceThatIgnoresItsStopSignal) {
  Pid1 pid1(R"(
pid1: {exit_code_from: web}
services:
  web: {command: probe web deaf, stop_grace_period: 500ms, depends_on: [db]}
  db: {command: probe db}
)");
  pid1.expect_all({reported("web", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGTERM), received("db", SIGTERM), exiting("db", 0)});
  EXPECT_EQ(pid1.wait(), 128 + SIGKILL);
  EXPECT_EQ(pid1.count(exiting("web")), 0);
}

// A stopped process keeps its signals for later; pid1 continues it.
TEST(Grace, ReachesAServiceThatStoppedItself) {
  Pid1 pid1("services: {web: {command: probe web stop-self, stop_grace_period: 1h}}");
  const Event start = pid1.expect(started("web"));
  pid1.expect(reported("web", "stopping-self"));
  pid1.expect_eventually("stopped", [&] {
    for (const Process& process : pid1.processes()) {
      if (process.pid == start.number("pid")) return process.state == 'T';
    }
    return false;
  });
  pid1.signal(SIGTERM);
  pid1.expect_sequence({reported("web", "continued"), received("web", SIGTERM), exiting("web", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(KillMode, ProcessAsksAndKillsTheMainProcessAlone) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web deaf fork=child begin end
    kill_mode: process
    stop_grace_period: 500ms
    depends_on: [db]
  db: {command: probe db deaf on=USR2:0}
)");
  pid1.expect_all(
      {reported("web", "running"), reported("child", "running"), reported("db", "running")});
  pid1.signal(SIGTERM);
  // The child outlives its service, whose dependency is asked meanwhile; then the sweep finds it.
  pid1.expect_sequence({received("web", SIGTERM), received("db", SIGTERM)});
  EXPECT_EQ(pid1.count(received("child", SIGTERM)), 0);
  pid1.signal(SIGUSR2);
  pid1.expect_sequence({exiting("db", 0), received("child", SIGTERM), exiting("child", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(KillMode, MixedKillsTheRestOfTheGroupUnasked) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fork=child begin deaf end, stop_grace_period: 1h}
)");
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect(exiting("web", 0));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("child", SIGTERM)), 0);
}

TEST(KillMode, GroupAsksEveryMember) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web deaf on=USR1:0 fork=child begin on=TERM:0 end
    kill_mode: group
    stop_grace_period: 1h
)");
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_all({received("web", SIGTERM), exiting("child", 0)});
  pid1.signal(SIGUSR1);
  pid1.expect(exiting("web", 0));
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(KillMode, GroupKillsAMemberThatDoesNotGoInTime) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fork=child begin deaf end, kill_mode: group, stop_grace_period: 500ms}
)");
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_all({exiting("web", 0), received("child", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(exiting("child")), 0);
}

TEST(Sweep, AsksADaemonAndThenKillsIt) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 2s}
services:
  web:
    command: >-
      probe web
      fork=parent begin setsid fork=daemon begin deaf end exit=0 end
)");
  pid1.expect_all({reported("web", "running"), reported("daemon", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGTERM), exiting("web", 0), received("daemon", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(exiting("daemon")), 0);
}

TEST(Sweep, WaitsForADaemonThatGoesWhenAsked) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fork=parent begin setsid fork=daemon begin end exit=0 end}
)");
  pid1.expect_all({reported("web", "running"), reported("daemon", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("daemon", SIGTERM), exiting("daemon", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Sweep, FindsAChildThatLeftTheGroup) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fork=child begin setpgid end}
)");
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), received("child", SIGTERM), exiting("child", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Budget, IsSharedOutSoThatEveryServiceGetsItsStopSignal) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 2s}
services:
  a: {command: probe a deaf, stop_grace_period: 1h, depends_on: [b]}
  b: {command: probe b deaf, stop_grace_period: 1h, depends_on: [c]}
  c: {command: probe c deaf, stop_grace_period: 1h, depends_on: [d]}
  d: {command: probe d deaf, stop_grace_period: 1h}
)");
  pid1.expect_all({reported("a", "running"), reported("b", "running"), reported("c", "running"),
                   reported("d", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("a", SIGTERM), received("b", SIGTERM), received("c", SIGTERM),
                        received("d", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 0);
}

// The services' graces leave some of the budget to what comes after them: of this one half a second
// for those that got SIGKILL, and a second for the sweep, so that a busy machine doesn't use it up.
TEST(Budget, LeavesTimeToAskWhatTheServicesLeftBehind) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 10s}
services:
  web:
    command: probe web deaf fork=parent begin setsid fork=daemon begin end exit=0 end
    stop_grace_period: 1h
)");
  pid1.expect_all({reported("web", "running"), reported("daemon", "running")});
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("web", SIGTERM), received("daemon", SIGTERM)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Hurry, ASecondInterruptKillsAtOnce) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 2h}
services:
  web: {command: probe web deaf, stop_grace_period: 1h, depends_on: [db]}
  db: {command: probe db}
)");
  pid1.expect_all({reported("web", "running"), reported("db", "running")});
  pid1.signal(SIGINT);
  pid1.expect(received("web", SIGTERM));
  pid1.signal(SIGINT);
  pid1.wait();
  EXPECT_EQ(pid1.count(exiting("web")), 0);
  EXPECT_EQ(pid1.count(exiting("db")), 0);
}

TEST(Hurry, ASecondTermOnlySaysWhatIsWaitedFor) {
  Pid1 pid1(R"(
pid1: {stop_grace_period: 2h}
services:
  web: {command: probe web deaf on=USR1:0, stop_grace_period: 1h}
)");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect(received("web", SIGTERM));
  pid1.signal(SIGTERM);
  pid1.expect_log("still stopping");
  pid1.signal(SIGUSR1);
  pid1.expect(exiting("web", 0));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(received("web", SIGTERM)), 1);
}

}  // namespace

}  // namespace pid1::testing
