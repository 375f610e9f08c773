#include "supervisor/system/cgroup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "supervisor/system/cgroup_location.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"
#include "tests/system/test_cgroup.h"

namespace pid1::system {
namespace {

using testing::enter_cgroup;
using testing::in_child;
using testing::start_pausing;
using testing::TemporaryDirectory;
using testing::TestCgroup;
using testing::write_file;

TEST(ACgroup, HoldsAProcessUntilThatHasEnded) {
  const TestCgroup cgroup;
  EXPECT_FALSE(is_populated(cgroup.path()));
  const pid_t child = start_pausing([&] { enter_cgroup(cgroup.path()); });
  EXPECT_TRUE(is_populated(cgroup.path()));
  EXPECT_EQ(processes_in(cgroup.path()), std::vector{child});
  EXPECT_EQ(cgroup_of(child), cgroup.name());
  kill(child, SIGKILL);
  await_end(child);
  EXPECT_FALSE(is_populated(cgroup.path()));
  EXPECT_TRUE(processes_in(cgroup.path()).empty());
}

TEST(ACgroup, IsKilledWithAllBelowWhateverTheirSessions) {
  const TestCgroup cgroup;
  ASSERT_EQ(make_cgroup(cgroup.path() + "/below"), 0);
  const pid_t first = start_pausing([&] { enter_cgroup(cgroup.path()); });
  const pid_t second = start_pausing([&] {
    setsid();
    enter_cgroup(cgroup.path() + "/below");
  });
  auto all = all_processes_in(cgroup.path());
  std::ranges::sort(all);
  EXPECT_EQ(all, (std::vector{first, second}));
  kill_cgroup(cgroup.path());
  for (int i = 0; i < 2; ++i) {
    const Reaped end = testing::await_any_end();
    EXPECT_TRUE(end.pid == first || end.pid == second);
    EXPECT_EQ(end.status, SIGKILL);
  }
  EXPECT_FALSE(is_populated(cgroup.path()));
}

// A directory that looks like a cgroup, without cgroup.kill.
TEST(ACgroup, IsKilledOneByOneOnAnOldKernel) {
  const TemporaryDirectory old;
  const pid_t child = start_pausing();
  write_file(old / "cgroup.events", "populated 1\nfrozen 0\n");
  write_file(old / "cgroup.procs", "0\n1\n" + std::to_string(child) + "\n");
  kill_cgroup(old.path());
  EXPECT_EQ(testing::await_any_end(), (Reaped{.pid = child, .signaled = true, .status = SIGKILL}));
}

TEST(ACgroup, IsRemovedWithThoseBelowUnlessSomebodyIsInIt) {
  const TestCgroup cgroup;
  const std::string service = cgroup.path() + "/service";
  ASSERT_EQ(make_cgroup(service), 0);
  ASSERT_EQ(make_cgroup(service + "/below"), 0);
  ASSERT_EQ(make_cgroup(service + "/inhabited"), 0);
  const pid_t child = start_pausing([&] { enter_cgroup(service + "/inhabited"); });
  remove_cgroup(service);
  EXPECT_FALSE(open_cgroup(service + "/below"));
  EXPECT_TRUE(open_cgroup(service + "/inhabited"));
  kill(child, SIGKILL);
  await_end(child);
  remove_cgroup(service);
  EXPECT_FALSE(open_cgroup(service));
}

TEST(ACgroup, OfAnEarlierRunIsMadeAnew) {
  const TestCgroup cgroup;
  const std::string service = cgroup.path() + "/service";
  ASSERT_EQ(make_cgroup(service), 0);
  ASSERT_EQ(write_cgroup(service, "cgroup.max.depth", "3"), 0);
  ASSERT_EQ(make_cgroup(service), 0);
  EXPECT_EQ(read_text(service + "/cgroup.max.depth"), "max\n");
}

TEST(ACgroup, ThatCannotBeMadeOrWrittenSaysWhy) {
  const TestCgroup cgroup;
  EXPECT_EQ(make_cgroup("/proc/nowhere"), ENOENT);
  EXPECT_EQ(write_cgroup(cgroup.path(), "memory.max.of.nobody", "1"), ENOENT);
  EXPECT_EQ(write_cgroup(cgroup.path(), "cgroup.max.depth", "deep"), EINVAL);
}

TEST(AValue, IsFoundByItsKey) {
  const char* const events = "low 1\noom 2\noom_kill 3\noom_group_kill 4\nbroken\nempty \n";
  EXPECT_EQ(value_of(events, "oom_kill"), 3U);
  EXPECT_EQ(value_of(events, "oom"), 2U);
  EXPECT_EQ(value_of(events, "broken"), std::nullopt);
  EXPECT_EQ(value_of(events, "empty"), std::nullopt);
  EXPECT_EQ(value_of(events, "kill"), std::nullopt);
  EXPECT_EQ(value_of("", "oom"), std::nullopt);
}

}  // namespace
}  // namespace pid1::system
