#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// Reports of two processes that are started at once may come in any order; their numbers, in a
// fresh PID namespace, tell which was started first.
TEST(Start, LaunchesADependencyBeforeItsDependents) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, depends_on: [app, cache]}
  app: {command: probe app, depends_on: [db]}
  cache: {command: probe cache, depends_on: [db]}
  db: {command: probe db}
)");
  const auto all =
      pid1.expect_all({started("db"), started("app"), started("cache"), started("web")});
  const auto pid = [&](std::size_t i) { return all[i].number("pid"); };
  EXPECT_LT(pid(0), pid(1));
  EXPECT_LT(pid(0), pid(2));
  EXPECT_LT(pid(1), pid(3));
  EXPECT_LT(pid(2), pid(3));
}

TEST(Start, WaitsUntilADependencyHasCompleted) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate: {type: oneshot, command: probe migrate gate=go exit=0}
)");
  pid1.expect(reported("migrate", "waiting"));
  pid1.open_gate("go");
  pid1.expect_sequence({exiting("migrate", 0), started("web"), reported("web", "running")});
  EXPECT_EQ(pid1.count(started("migrate")), 1);
}

TEST(Start, DoesNotWaitForTheEndOfWhatNeedsOnlyBeStarted) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, depends_on: {job: {condition: service_started}}}
  job: {type: oneshot, command: probe job gate=go exit=0}
)");
  pid1.expect_all({reported("job", "waiting"), reported("web", "running")});
  pid1.open_gate("go");
  pid1.expect(exiting("job", 0));
}

TEST(Start, TriesACompletionAgainAndThenGoesOn) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate:
    type: oneshot
    command: probe migrate fail-times=2:4 exit=0
    restart: {condition: on-failure, delay: 10ms}
)");
  pid1.expect_sequence(
      {exiting("migrate", 4), exiting("migrate", 4), exiting("migrate", 0), started("web")});
}

TEST(Start, NeverLaunchesWhatRequiresAFailure) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    depends_on: {migrate: {condition: service_completed_successfully}}
  migrate: {type: oneshot, command: probe migrate exit=3, restart: "no", on_failure: ignore}
)");
  pid1.expect(exiting("migrate", 3));
  EXPECT_EQ(pid1.wait(), 3);
  EXPECT_EQ(pid1.count(started("web")), 0);
  EXPECT_NE(pid1.err().find("web: "), std::string::npos) << pid1.err();
}

TEST(Start, GoesOnWithoutADependencyThatIsNotRequired) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    depends_on: {warm: {condition: service_completed_successfully, required: false}}
  warm: {type: oneshot, command: probe warm exit=3, restart: "no", on_failure: ignore}
)");
  pid1.expect_sequence({exiting("warm", 3), started("web")});
}

TEST(Start, LeavesOutWhatIsNotThereAndNotRequired) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, depends_on: {debugger: {condition: service_started, required: false}}}
  debugger: {command: probe debugger, profiles: [debug]}
)");
  pid1.expect(reported("web", "running"));
  EXPECT_EQ(pid1.count(started("debugger")), 0);
}

TEST(Start, LaunchesFourHundredServicesInOrder) {
  std::string config = "services:\n";
  std::vector<Matcher> all;
  all.reserve(400);
  for (int i = 0; i < 400; ++i) {
    const std::string name = "s" + std::to_string(i);
    config.append("  ").append(name).append(": {command: probe ").append(name);
    if (i % 20 != 0) config.append(", depends_on: [s").append(std::to_string(i - 1)).append("]");
    config += "}\n";
    all.push_back(reported(name, "running"));
  }
  Pid1 pid1(config);
  pid1.expect_all(all);
  pid1.signal(SIGTERM);
  for (int i = 399; i > 380; --i) pid1.expect(exiting("s" + std::to_string(i), 0));
  EXPECT_EQ(pid1.wait(), 0);
  int stopped = 0;
  for (const Event& event : pid1.events()) stopped += event.what == "exiting" ? 1 : 0;
  EXPECT_EQ(stopped, 400);
}

}  // namespace

}  // namespace pid1::testing
