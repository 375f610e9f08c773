#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Health, DependentsWaitForTheFirstSuccess) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db gate=go touch=well run
    healthcheck: {test: [CMD, probe, check, "exit-without=well:1", exit=0], interval: 20ms}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(reported("db", "waiting"));
  pid1.expect(exiting("check", 1));
  EXPECT_EQ(pid1.count(started("web")), 0);
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("check", 0)});
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Health, AnUnhealthyServiceIsRestarted) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db remove=well
    healthcheck: {test: [CMD, probe, check, "exit-without=well:1", exit=0], interval: 10ms, retries: 2}
    on_unhealthy: restart
    restart: {delay: 10ms}
)");
  pid1.expect_sequence({started("db"), received("db", SIGTERM), exiting("db"), started("db")});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_NE(pid1.err().find("db: is unhealthy; stopping it"), std::string::npos);
}

TEST(Health, AnUnhealthyServiceEndsTheContainer) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db
    healthcheck: {test: "exit 1", interval: 10ms, retries: 1}
    on_unhealthy: shutdown
)");
  pid1.expect(received("db", SIGTERM));
  EXPECT_EQ(pid1.wait(), 1);
  EXPECT_NE(pid1.err().find("db is unhealthy"), std::string::npos);
}

TEST(Health, AProbeThatHangsIsKilledWithItsGroup) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db
    healthcheck:
      test: [CMD, probe, check, fork=helper, begin, deaf, run, end, deaf]
      interval: 10ms
      timeout: 200ms
      retries: 1
    on_unhealthy: shutdown
)");
  pid1.expect_all({reported("check", "running"), reported("helper", "running")});
  EXPECT_EQ(pid1.wait(), 1);
  EXPECT_NE(pid1.err().find("db: unhealthy: no answer within 200ms"), std::string::npos);
}

TEST(Health, ATcpConnectionIsASuccess) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db listen=39801
    healthcheck: {tcp: {port: 39801}, interval: 10ms}
  web: {command: probe web, depends_on: {db: {condition: service_healthy}}}
)");
  pid1.expect(started("web"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Health, ARefusedConnectionIsAFailure) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db
    healthcheck: {http: {url: "http://127.0.0.1:39802/"}, interval: 10ms, retries: 1}
    on_unhealthy: shutdown
)");
  EXPECT_EQ(pid1.wait(), 1);
  EXPECT_NE(pid1.err().find("cannot connect to 127.0.0.1:39802: Connection refused"),
            std::string::npos);
}

TEST(Health, NoProbeOutlivesItsService) {
  Pid1 pid1(R"(
services:
  db:
    command: probe db gate=go exit=0
    healthcheck: {test: [CMD, probe, check, deaf], interval: 10ms}
    on_success: ignore
  web: {command: probe web}
)");
  pid1.expect(reported("db", "waiting"));
  const auto check = pid1.expect(reported("check", "running"));
  pid1.open_gate("go");
  pid1.expect(exiting("db"));
  pid1.expect_eventually("the probe's end", [&] {
    for (const Process& process : pid1.processes()) {
      if (process.pid == pid1.pid_of("check")) return false;
    }
    return true;
  });
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
