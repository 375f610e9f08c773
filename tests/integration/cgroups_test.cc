// A cgroup for each service, where pid1 has one that it may divide.
#include <gtest/gtest.h>

#include <csignal>

#include "supervisor/system/cgroup.h"
#include "tests/support/pid1.h"
#include "tests/system/test_cgroup.h"

namespace pid1::testing {

namespace {

using system::open_cgroup;
using system::testing::TestCgroup;

Container in(const TestCgroup& cgroup, const std::string& config) {
  return Container{.config = config, .cgroup_procs = cgroup.path() + "/cgroup.procs"};
}

TEST(Cgroups, HoldAServiceEachFromItsFirstInstructionUntilTheEnd) {
  const TestCgroup ours;
  Pid1 pid1(in(ours, R"(
services:
  web: {command: probe web, user: "64321:64321", depends_on: [db]}
  db: {command: probe db fork=child begin setsid end}
)"));
  const auto starts = pid1.expect_all({started("web"), started("db"), started("child")});
  EXPECT_EQ(starts[0]["cgroup"], ours.name() + "/web.service");
  EXPECT_EQ(starts[1]["cgroup"], ours.name() + "/db.service");
  EXPECT_EQ(starts[2]["cgroup"], ours.name() + "/db.service") << "also what leaves its session";
  EXPECT_NE(pid1.proc_file(1, "cgroup").find("0::" + ours.name() + "\n"), std::string::npos)
      << "pid1 stays where it is";
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_FALSE(open_cgroup(ours.path() + "/web.service"));
  EXPECT_FALSE(open_cgroup(ours.path() + "/db.service"));
}

TEST(Cgroups, AreTheSameAfterARestart) {
  const TestCgroup ours;
  Pid1 pid1(in(ours, R"(
services:
  web: {command: probe web fail-times=1:1, restart: {delay: 1ms}}
)"));
  pid1.expect(exiting("web", 1));
  EXPECT_EQ(pid1.expect(started("web"))["cgroup"], ours.name() + "/web.service");
}

TEST(Cgroups, AreNotMadeWherePid1SharesItsOwn) {
  const TestCgroup ours;
  Pid1 other(in(ours, "services: {db: {command: probe db}}"));
  other.expect(started("db"));
  Pid1 pid1(in(ours, "services: {web: {command: probe web}}"));
  EXPECT_EQ(pid1.expect(started("web"))["cgroup"], ours.name());
}

TEST(Cgroups, ThatALimitNeedsAreAnErrorByTheNameOfItsKey) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, mem_limit: 64m, pids_limit: 10}
  db: {command: probe db}
)");
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_NE(pid1.err().find("web: mem_limit needs a cgroup v2 that pid1 may divide: "),
            std::string::npos)
      << pid1.err();
  EXPECT_NE(pid1.err().find("web: pids_limit needs a cgroup v2 "), std::string::npos);
  EXPECT_TRUE(pid1.events().empty());
}

}  // namespace

}  // namespace pid1::testing
