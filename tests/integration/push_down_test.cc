#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/support/pid1.h"

// What happens to those that depend on a service while they run.

namespace pid1::testing {

namespace {

TEST(PushDown, AFailureForGoodTakesDependentsDownInOrder) {
  Pid1 pid1(R"(
services:
  db: {command: probe db gate=go exit=4, restart: "no", on_failure: ignore}
  web: {command: probe web, depends_on: [db], on_failure: ignore}
  proxy: {command: probe proxy, depends_on: [web], on_failure: ignore}
  other: {command: probe other}
)");
  pid1.expect_all(
      {reported("db", "waiting"), reported("proxy", "running"), reported("other", "running")});
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("db", 4), received("proxy", SIGTERM), exiting("proxy"),
                        received("web", SIGTERM), exiting("web")});
  pid1.expect_log("web: cannot run: it depends on db, which failed");
  EXPECT_EQ(pid1.count(received("other", SIGTERM)), 0);
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(PushDown, TheirOwnPolicyEndsTheContainerWithTheCodeOfTheFailure) {
  Pid1 pid1(R"(
services:
  db: {command: probe db gate=go exit=4, restart: "no", on_failure: ignore}
  web: {command: probe web, depends_on: [db]}
)");
  pid1.expect_all({reported("db", "waiting"), reported("web", "running")});
  pid1.open_gate("go");
  EXPECT_EQ(pid1.wait(), 4);
  EXPECT_NE(pid1.err().find("web failed: it depends on db, which exited with code 4"),
            std::string::npos);
}

TEST(PushDown, LeavesThoseThatDoNotRequireIt) {
  Pid1 pid1(R"(
services:
  db: {command: probe db gate=go exit=4, restart: "no", on_failure: ignore}
  web: {command: probe web, depends_on: {db: {condition: service_started, required: false}}}
)");
  pid1.expect_all({reported("db", "waiting"), reported("web", "running")});
  pid1.open_gate("go");
  pid1.expect_log("db: exited with code 4; it is not restarted");
  pid1.signal(SIGUSR1);
  pid1.expect(received("web", SIGUSR1));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Reload, ASignalOrACommandReachesTheServicesThatHaveOne) {
  Pid1 pid1(R"(
pid1: {signals: {SIGHUP: reload}}
services:
  web: {command: probe web, reload: {signal: SIGUSR2}}
  db: {command: probe db, reload: "probe reloader env=PID1_SERVICE exit=0"}
  plain: {command: probe plain}
)");
  pid1.expect_all(
      {reported("web", "running"), reported("db", "running"), reported("plain", "running")});
  pid1.signal(SIGHUP);
  pid1.expect_all({received("web", SIGUSR2), exiting("reloader", 0)});
  EXPECT_EQ(pid1.count(received("web", SIGHUP)), 0);
  EXPECT_EQ(pid1.count(received("plain", SIGHUP)), 0);
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Reload, AFailedOneIsSaid) {
  Pid1 pid1(R"(
pid1: {signals: {SIGHUP: reload}}
services:
  db: {command: probe db, reload: "probe reloader print=broken exit=2"}
)");
  pid1.expect(reported("db", "running"));
  pid1.signal(SIGHUP);
  pid1.expect_log("(reload) broken\n");
  pid1.expect_log("db: its reload exited with code 2");
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Reload, RunsOneAtATimeAndOnceMoreForAllThatWasAskedMeanwhile) {
  Pid1 pid1(R"(
pid1: {signals: {SIGHUP: reload}}
services:
  db: {command: probe db, reload: "probe reloader gate=go exit=0"}
)");
  pid1.expect(reported("db", "running"));
  pid1.signal(SIGHUP);
  pid1.expect(reported("reloader", "waiting"));
  pid1.signal(SIGHUP);
  pid1.expect_log("db: its reload still runs; it is run again after that");
  pid1.signal(SIGHUP);
  pid1.signal(SIGUSR1);
  pid1.expect(received("db", SIGUSR1));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("reloader", 0), reported("reloader", "waiting")});
  pid1.open_gate("go");
  pid1.expect(exiting("reloader", 0));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("reloader")), 2);
}

TEST(Reload, EndsWithItsService) {
  Pid1 pid1(R"(
pid1: {signals: {SIGHUP: reload}}
services:
  db:
    command: probe db on=USR1:3
    reload: "probe reloader deaf"
    restart: "no"
    on_failure: ignore
  web: {command: probe web}
)");
  pid1.expect_all({reported("db", "running"), reported("web", "running")});
  pid1.signal(SIGHUP);
  pid1.expect(reported("reloader", "running"));
  const pid_t reloader = pid1.pid_of("reloader");
  pid1.signal(SIGUSR1);
  pid1.expect(exiting("db", 3));
  pid1.expect_eventually("the reload has ended", [&] {
    return std::ranges::none_of(pid1.processes(),
                                [&](const Process& process) { return process.pid == reloader; });
  });
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Orphans, ADaemonOfAServiceEndsWithIt) {
  Pid1 pid1(R"(
services:
  web:
    command: "probe web fork=daemon begin setsid run end gate=go fail-times=1:1"
    restart: {delay: 10ms, max_attempts: 1}
    on_failure: ignore
  other: {command: probe other}
)");
  const int daemon =
      pid1.expect_sequence({started("daemon"), reported("daemon", "running")})[0].number("pid");
  pid1.expect(reported("web", "waiting"));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 1), started("web"), reported("web", "waiting")});
  for (const Process& process : pid1.processes()) EXPECT_NE(process.pid, daemon);
  pid1.open_gate("go");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Orphans, AnAdoptedOneGoesOn) {
  Pid1 pid1(R"(
services:
  web:
    command: "probe web fork=daemon begin setsid run end gate=go fail-times=1:1"
    orphans: adopt
    restart: {delay: 10ms, max_attempts: 1}
    on_failure: ignore
  other: {command: probe other}
)");
  const int daemon =
      pid1.expect_sequence({started("daemon"), reported("daemon", "running")})[0].number("pid");
  pid1.expect(reported("web", "waiting"));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("web", 1), started("web"), reported("web", "waiting")});
  const auto processes = pid1.processes();
  const auto is_daemon = [&](const Process& process) { return process.pid == daemon; };
  EXPECT_TRUE(std::ranges::any_of(processes, is_daemon));
  pid1.open_gate("go");
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
