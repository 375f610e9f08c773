#include "supervisor/system/cgroup_location.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "supervisor/system/cgroup.h"
#include "tests/system/support.h"
#include "tests/system/test_cgroup.h"

namespace pid1::system {
namespace {

using testing::enter_cgroup;
using testing::in_child;
using testing::in_container;
using testing::TemporaryDirectory;
using testing::TestCgroup;

constexpr const char* mounts =
    "23 1 0:21 / / rw,relatime - ext4 /dev/vda rw\n"
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 /docker/1f /sys/fs/cgroup/memory ro shared:9 master:2 - cgroup cgroup rw,memory\n"
    "36 31 0:33 / /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"
    "41 31 0:38 / /sys/fs/cgroup/uni\\040ted rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

constexpr const char* cgroups =
    "9:name=systemd:/\n"
    "4:memory:/docker/1f/job\n"
    "1:cpu,cpuacct:/docker/1f\n"
    "0::/docker/1f\n";

using Place = std::optional<std::string>;

TEST(ACgroupsDirectory, IsWhereItsHierarchyIsMounted) {
  EXPECT_EQ(cgroup_directory(cgroups, mounts, ""), Place("/sys/fs/cgroup/uni ted/docker/1f"));
  EXPECT_EQ(cgroup_directory(cgroups, mounts, "cpuacct"),
            Place("/sys/fs/cgroup/cpu,cpuacct/docker/1f"));
}

TEST(ACgroupsDirectory, IsBelowWhatOfTheHierarchyIsMounted) {
  EXPECT_EQ(cgroup_directory(cgroups, mounts, "memory"), Place("/sys/fs/cgroup/memory/job"));
}

TEST(ACgroupsDirectory, IsTheMountItselfAtTheRootOfANamespace) {
  EXPECT_EQ(cgroup_directory("0::/\n", "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n", ""),
            Place("/sys/fs/cgroup"));
}

TEST(ACgroupsDirectory, IsNotThatOfANamesake) {
  const char* const of_another =
      "35 31 0:32 /docker/1 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
  EXPECT_EQ(cgroup_directory(cgroups, of_another, "memory"), std::nullopt);
}

TEST(ACgroupsDirectory, IsThatOfTheLastMountWhichHidesTheOthers) {
  EXPECT_EQ(cgroup_directory("0::/a\n",
                             "40 31 0:38 / /one rw - cgroup2 c rw\n"
                             "41 31 0:38 /a /two rw - cgroup2 c rw\n"
                             "42 31 0:38 /b /three rw - cgroup2 c rw\n",
                             ""),
            Place("/two"));
}

TEST(ACgroupsDirectory, IsNowhereWithoutACgroupOrAMount) {
  EXPECT_EQ(cgroup_directory(cgroups, mounts, "pids"), std::nullopt);
  EXPECT_EQ(cgroup_directory("0::/\n", "", ""), std::nullopt);
  EXPECT_EQ(cgroup_directory("", mounts, ""), std::nullopt);
  EXPECT_EQ(cgroup_directory("garbage", "garbage\n\n- \n", ""), std::nullopt);
}

TEST(Pid1sCgroup, IsTheContainersAsItsInit) {
  const TestCgroup cgroup;
  const TemporaryDirectory directory;
  in_container(cgroup.path(), directory.path(), [&] {
    const OwnCgroup own = find_own_cgroup();
    EXPECT_EQ(own.path, directory.path());
    EXPECT_EQ(own.name, "/");
    EXPECT_EQ(own.obstacle, "");
    EXPECT_TRUE(own.is_containers);
    EXPECT_EQ(cgroup_of(getpid()), "/");
  });
}

TEST(Pid1sCgroup, CannotBeDividedWhereItIsReadOnly) {
  const TestCgroup cgroup;
  const TemporaryDirectory directory;
  in_container(cgroup.path(), directory.path(), [&] {
    ASSERT_EQ(
        mount("none", directory.path().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr),
        0);
    EXPECT_EQ(find_own_cgroup().obstacle, directory.path() + " is read-only");
    EXPECT_EQ(find_own_cgroup().path, "");
  });
}

TEST(Pid1sCgroup, CannotBeDividedByAUserThatItIsNotDelegatedTo) {
  const TestCgroup cgroup;
  const TemporaryDirectory directory;
  in_container(cgroup.path(), directory.path(), [&] {
    ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
    EXPECT_EQ(find_own_cgroup().obstacle, directory.path() + ": Permission denied");
  });
}

TEST(Pid1sCgroup, CanBeDividedByAUserThatItIsDelegatedTo) {
  const TestCgroup cgroup;
  const TemporaryDirectory directory;
  in_container(cgroup.path(), directory.path(), [&] {
    ASSERT_EQ(chown(directory.path().c_str(), 1000, 1000), 0);
    ASSERT_EQ(chown((directory / "cgroup.procs").c_str(), 1000, 1000), 0);
    ASSERT_EQ(setresuid(1000, 1000, 1000), 0);
    EXPECT_EQ(find_own_cgroup().path, directory.path());
  });
}

TEST(Pid1sCgroup, IsNotDividedWhereProcessesOutsideTheContainerAreInIt) {
  const TestCgroup cgroup;
  const TemporaryDirectory directory;
  testing::start_pausing([&] { enter_cgroup(cgroup.path()); });
  in_container(cgroup.path(), directory.path(), [&] {
    EXPECT_EQ(find_own_cgroup().obstacle, "pid1 shares " + directory.path() + " with others");
  });
}

TEST(Pid1sCgroup, IsNotDividedOnAMachineWhereOthersLiveInIt) {
  const TestCgroup cgroup;
  in_child([&] {
    enter_cgroup(cgroup.path());
    EXPECT_EQ(find_own_cgroup().path, cgroup.path());
    EXPECT_EQ(find_own_cgroup().name, cgroup.name());
    EXPECT_FALSE(find_own_cgroup().is_containers);
    in_child(
        [&] { EXPECT_EQ(find_own_cgroup().path, cgroup.path()) << "its parent is an ancestor"; });
    const pid_t other = testing::start_pausing();
    EXPECT_EQ(find_own_cgroup().obstacle, "pid1 shares " + cgroup.path() + " with others");
    EXPECT_GT(other, 0);
  });
}

TEST(Pid1sCgroup, IsNotDividedWhereItHoldsThreads) {
  const TestCgroup cgroup;
  in_child([&] {
    const std::string threaded = cgroup.path() + "/threaded";
    ASSERT_EQ(make_cgroup(threaded), 0);
    ASSERT_EQ(write_cgroup(threaded, "cgroup.type", "threaded"), 0);
    enter_cgroup(cgroup.path());
    ASSERT_EQ(write_cgroup(threaded, "cgroup.threads", "0"), 0);
    EXPECT_EQ(find_own_cgroup().obstacle, threaded + " is one of threads");
  });
}

}  // namespace
}  // namespace pid1::system
