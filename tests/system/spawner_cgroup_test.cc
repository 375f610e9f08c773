#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "supervisor/system/cgroup.h"
#include "supervisor/system/cgroup_location.h"
#include "tests/system/refuse.h"
#include "tests/system/spawner_fixture.h"
#include "tests/system/test_cgroup.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::refuse_syscall;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::TestCgroup;

constexpr std::uint32_t nobody = 65534;

class ItsCgroup : public testing::SpawnerFixture {};

INSTANTIATE_TEST_SUITE_P(Methods, ItsCgroup, testing::both_methods(), testing::method_name);

TEST_P(ItsCgroup, IsThatOfTheRequest) {
  const TestCgroup cgroup;
  const UniqueFd directory = open_cgroup(cgroup.path());
  const std::string own = cgroup_of(getpid());
  observe({.cgroup = directory.get()},
          [&](pid_t pid) { EXPECT_EQ(cgroup_of(pid), cgroup.name()); });
  EXPECT_EQ(cgroup_of(getpid()), own) << "its parent stays where it is";
}

TEST_P(ItsCgroup, IsItsParentsByDefault) {
  observe({}, [](pid_t pid) { EXPECT_EQ(cgroup_of(pid), cgroup_of(getpid())); });
}

TEST_P(ItsCgroup, IsEnteredBeforeItBecomesAnotherUser) {
  const TestCgroup cgroup;
  const UniqueFd directory = open_cgroup(cgroup.path());
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  observe({.credentials = &credentials, .cgroup = directory.get()},
          [&](pid_t pid) { EXPECT_EQ(cgroup_of(pid), cgroup.name()); });
}

TEST_P(ItsCgroup, IsNoDescriptorOfTheProgram) {
  const TestCgroup cgroup;
  const UniqueFd directory = open_cgroup(cgroup.path());
  EXPECT_EQ(output({"sh", "-c", "ls /proc/$$/fd; true"},
                   {.cgroup = directory.get(), .passed = {.from = 1, .to = directory.get()}}),
            "0\n1\n2\n" + std::to_string(directory.get()) + "\n");
}

TEST_P(ItsCgroup, IsEnteredByItselfWhereItCannotBeClonedInto) {
  const TestCgroup cgroup;
  for (const int error : {ENOSYS, EPERM, EINVAL, E2BIG}) {
    in_child([&] {
      refuse_syscall(SYS_clone3, error);
      const UniqueFd directory = open_cgroup(cgroup.path());
      observe({.cgroup = directory.get()},
              [&](pid_t pid) { EXPECT_EQ(cgroup_of(pid), cgroup.name()); });
    });
  }
}

TEST_P(ItsCgroup, LeavesTheErrorOfALaterStepItsName) {
  const TestCgroup cgroup;
  const UniqueFd directory = open_cgroup(cgroup.path());
  EXPECT_EQ(fail_to_spawn({"no-such-program"}, {.cgroup = directory.get()}),
            (SpawnError{SpawnStep::exec, ENOENT}));
  EXPECT_FALSE(is_populated(cgroup.path()));
}

TEST_P(ItsCgroup, IsAStepOfItsOwn) {
  const TemporaryDirectory none;
  const UniqueFd no_cgroup(open(none.path().c_str(), O_PATH | O_CLOEXEC));
  EXPECT_EQ(fail_to_spawn({"true"}, {.cgroup = no_cgroup.get()}),
            (SpawnError{SpawnStep::cgroup, ENOENT}));

  const TestCgroup cgroup;
  ASSERT_EQ(make_cgroup(cgroup.path() + "/threaded"), 0);
  ASSERT_EQ(write_cgroup(cgroup.path() + "/threaded", "cgroup.type", "threaded"), 0);
  const std::string invalid = cgroup.path() + "/invalid";  // it would have to be of threads, too
  ASSERT_EQ(make_cgroup(invalid), 0);
  const UniqueFd directory = open_cgroup(invalid);
  EXPECT_EQ(fail_to_spawn({"true"}, {.cgroup = directory.get()}),
            (SpawnError{SpawnStep::cgroup, EOPNOTSUPP}));
}

// One cgroup that can't be had is no reason to forgo the better way for all others.
TEST_P(ItsCgroup, IsStillClonedIntoAfterOneThatCouldNotBe) {
  const TestCgroup cgroup;
  const TemporaryDirectory none;
  in_child([&] {
    Spawner spawner({}, GetParam());
    const StringList argv{"true"};
    const UniqueFd no_cgroup(open(none.path().c_str(), O_PATH | O_CLOEXEC));
    spawner.spawn(
        {.argv = argv.span(), .environment = environment_.span(), .cgroup = no_cgroup.get()});
    const UniqueFd directory = open_cgroup(cgroup.path());
    refuse_syscall(SYS_clone, EAGAIN);  // clone3 only
    const SpawnResult result = spawner.spawn(
        {.argv = argv.span(), .environment = environment_.span(), .cgroup = directory.get()});
    ASSERT_TRUE(std::holds_alternative<std::int32_t>(result));
    await_end(std::get<std::int32_t>(result));
  });
}

}  // namespace
}  // namespace pid1::system
