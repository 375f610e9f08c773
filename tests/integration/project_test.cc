// Configurations of several files, instances and profiles, from the file to the process.
#include <gtest/gtest.h>

#include <csignal>
#include <set>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

TEST(Project, StartsEachReplicaWithItsNumber) {
  Pid1 pid1(R"(
services:
  worker: {command: probe worker env=PID1_REPLICA, scale: 3}
  web: {command: probe web, depends_on: [worker]}
)");
  pid1.expect(reported("web", "running"));
  pid1.expect_eventually("three workers running",
                         [&] { return pid1.count(reported("worker", "running")) == 3; });
  std::set<std::string> numbers;
  for (const Event& event : pid1.events()) {
    if (event.what == "env") numbers.insert(event["value"]);
  }
  EXPECT_EQ(numbers, (std::set<std::string>{"1", "2", "3"}));
  pid1.signal(SIGTERM);
  pid1.expect(exiting("web", 0));
  pid1.expect(received("worker", SIGTERM));
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(exiting("worker", 0)), 3);
}

TEST(Project, ScalesToNothing) {
  Pid1 pid1(R"(
services:
  worker: {command: probe worker, scale: 0}
  web: {command: probe web exit=0}
)");
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("worker")), 0);
}

constexpr const char* kProfiles = R"(
services:
  web: {command: probe web}
  tracer: {command: probe tracer, profiles: [debug, trace]}
)";

TEST(Project, LeavesOutServicesOfOtherProfiles) {
  Pid1 pid1(kProfiles);
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("tracer")), 0);
}

TEST(Project, StartsServicesOfAProfileThatIsOn) {
  Pid1 pid1(Container{.config = kProfiles, .environment = {{"PID1_PROFILES", "other,debug"}}});
  pid1.expect_all({reported("web", "running"), reported("tracer", "running")});
}

TEST(Project, IncludesAndExtendsOtherFiles) {
  Pid1 pid1(Container{.config = R"(
include: [more.yaml]
services:
  web:
    extends: {service: base, file: base.yaml}
    command: probe web env=FROM env=KEPT env=FILE
    environment: {FROM: web}
    depends_on: [db]
)",
                      .files = {{"more.yaml", "services: {db: {command: probe db}}\n"},
                                {"base.yaml",
                                 "services:\n"
                                 "  base:\n"
                                 "    command: probe base\n"
                                 "    working_dir: /usr\n"
                                 "    env_file: base.env\n"
                                 "    environment: {FROM: base, KEPT: base}\n"},
                                {"base.env", "FILE=base.env\n"}}});
  const auto starts = pid1.expect_all({started("db"), started("web")});
  EXPECT_EQ(starts[1]["cwd"], "/usr");
  EXPECT_LT(starts[0].number("pid"), starts[1].number("pid"));
  pid1.expect_sequence({{"web", "env", {{"name", "FROM"}, {"value", "web"}}},
                        {"web", "env", {{"name", "KEPT"}, {"value", "base"}}},
                        {"web", "env", {{"name", "FILE"}, {"value", "base.env"}}}});
}

TEST(Project, InterpolatesWithPid1sEnvironment) {
  Pid1 pid1(Container{.config = R"(
x-env: &env {COLOUR: "${COLOUR:-blue}", SIZE: "${SIZE:-small}"}
services:
  web: {command: "probe web env=COLOUR env=SIZE say=$$5", environment: {<<: *env}}
)",
                      .environment = {{"COLOUR", "red"}}});
  pid1.expect_sequence({{"web", "env", {{"name", "COLOUR"}, {"value", "red"}}},
                        {"web", "env", {{"name", "SIZE"}, {"value", "small"}}},
                        {"web", "said", {{"text", "$5"}}}});
}

}  // namespace

}  // namespace pid1::testing
