#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Readiness, DependentsWaitForReadyByNotification) {
  Pid1 pid1(R"(
services:
  db: {command: probe db gate=go notify=READY=1, readiness: notify}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(reported("db", "waiting"));
  EXPECT_EQ(pid1.count(started("web")), 0);
  pid1.open_gate("go");
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, DependentsWaitForALineOnADescriptor) {
  Pid1 pid1(R"(
services:
  db: {command: "probe db gate=go write=5:ready", readiness: {fd: 5}}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(reported("db", "waiting"));
  pid1.open_gate("go");
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, DependentsWaitForALineOfOutput) {
  Pid1 pid1(R"(
services:
  db: {command: "probe db print=starting gate=go print=listening,port=80", readiness: {log: "listening,port=[0-9]+$"}}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(reported("db", "waiting"));
  EXPECT_EQ(pid1.count(started("web")), 0);
  pid1.open_gate("go");
  pid1.expect(started("web"));
  pid1.expect_output("listening,port=80");
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, AChildOfTheServiceMaySaySo) {
  Pid1 pid1(R"(
services:
  db: {command: "probe db fork=helper begin setsid gate=go notify=READY=1 run end", readiness: notify}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(reported("helper", "waiting"));
  pid1.open_gate("go");
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, TheLastWordsOfAOneshotCount) {
  Pid1 pid1(R"(
services:
  db: {command: "probe db fork=helper begin notify=READY=1 exit=0 end", readiness: notify}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, NobodySpeaksForAnotherService) {
  Pid1 pid1(R"(
services:
  db: {command: probe db, readiness: notify}
  liar: {command: "probe liar notify=READY=1 say=done", readiness: notify}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
  idle: {command: probe idle, depends_on: {liar: {condition: service_healthy}}}
)");
  pid1.expect(reported("idle", "running"));
  EXPECT_EQ(pid1.count(started("web")), 0);
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Readiness, OneThatIsNotReadyInTimeHasFailed) {
  Pid1 pid1(R"(
services:
  db: {command: probe db, readiness: {fd: 3, timeout: 50ms}, restart: "no"}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(received("db", SIGTERM));
  EXPECT_EQ(pid1.wait(), 1);
  EXPECT_EQ(pid1.count(started("web")), 0);
  EXPECT_NE(pid1.err().find("db: did not get ready within 50ms"), std::string::npos);
}

TEST(Readiness, AProgramInTheBackgroundNamesItsMainProcess) {
  Pid1 pid1(R"(
services:
  db:
    command: "probe db fork=daemon begin setsid run end notify-main=daemon notify=READY=1 gate=go exit=0"
    readiness: notify
    restart: "no"
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(started("web"));
  pid1.open_gate("go");
  pid1.expect(exiting("db"));
  pid1.signal(SIGUSR1);
  pid1.expect(received("daemon", SIGUSR1));
  pid1.signal(SIGTERM);
  pid1.expect(received("daemon", SIGTERM));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.err().find("killed:"), std::string::npos);
}

TEST(Watchdog, ASilentServiceGetsAnAbortAndIsRestarted) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db die-on=SIGABRT env=WATCHDOG_USEC notify=READY=1
    readiness: notify
    watchdog: 100ms
    restart: {delay: 10ms}
)");
  pid1.expect_sequence(
      {Matcher{"db", "env", {{"value", "100000"}}}, received("db", SIGABRT), started("db")});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Watchdog, OneThatTriggersItIsTreatedAsSilent) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db die-on=SIGABRT notify=READY=1 notify=WATCHDOG=trigger
    readiness: notify
    watchdog: 1h
    restart: {delay: 10ms}
)");
  pid1.expect_sequence({received("db", SIGABRT), started("db")});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(MaxRuntime, EndsAServiceAndCountsAsAFailure) {
  Pid1 pid1(R"(
services:
  job: {command: probe job, max_runtime: 50ms, restart: "no"}
)");
  pid1.expect(received("job", SIGTERM));
  EXPECT_EQ(pid1.wait(), 1);
  EXPECT_NE(pid1.err().find("job: ran for longer than 50ms"), std::string::npos);
}

}  // namespace

}  // namespace pid1::testing
