#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::output_of;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr std::uint32_t nobody = 65534;

class Spawning : public testing::SpawnerFixture {};

INSTANTIATE_TEST_SUITE_P(Methods, Spawning, testing::both_methods(), testing::method_name);

TEST_P(Spawning, FindsTheProgramThroughThePathOfTheRequest) {
  const TemporaryDirectory directory;
  write_file(directory / "greet", "#!/bin/sh\necho greeted\n", 0755);
  ASSERT_EQ(mkdir((directory / "first").c_str(), 0755), 0);
  ASSERT_EQ(mkdir((directory / "first/greet").c_str(), 0755), 0);  // EACCES, then on
  const StringList environment{"PATH=/dev/null:/nonexistent:" + (directory / "first") + ":" +
                               directory.path()};
  Spawner spawner({}, GetParam());
  const StringList argv{"greet"};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}),
            "greeted\n");
}

TEST_P(Spawning, FindsTheProgramInTheUsualPlacesWithoutAPath) {
  Spawner spawner({}, GetParam());
  const StringList argv{"echo", "found"};
  const StringList environment{};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}),
            "found\n");
}

TEST_P(Spawning, TakesAnEmptyEntryOfPathForTheWorkingDirectory) {
  const TemporaryDirectory directory;
  write_file(directory / "greet", "#!/bin/sh\necho greeted\n", 0755);
  Spawner spawner({}, GetParam());
  const StringList argv{"greet"};
  const StringList environment{"PATH=/nonexistent:"};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(),
                                .environment = environment.span(),
                                .working_dir = directory.path().c_str()}),
            "greeted\n");
}

TEST_P(Spawning, TellsEachFailureOfExecApart) {
  const TemporaryDirectory directory;
  write_file(directory / "plain", "#!/bin/sh\n", 0644);
  write_file(directory / "headless", "echo\n", 0755);
  write_file(directory / "orphan", "#!/missing/interpreter\n", 0755);
  ASSERT_EQ(symlink("loop", (directory / "loop").c_str()), 0);
  const auto exec_error = [](int error) { return SpawnError{SpawnStep::exec, error}; };
  EXPECT_EQ(fail_to_spawn({"no-such-program"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({""}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "plain/under-a-file"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "plain"}), exec_error(EACCES));
  EXPECT_EQ(fail_to_spawn({directory.path()}), exec_error(EACCES));
  EXPECT_EQ(fail_to_spawn({directory / "headless"}), exec_error(ENOEXEC));
  EXPECT_EQ(fail_to_spawn({directory / "orphan"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "loop"}), exec_error(ELOOP));
  EXPECT_EQ(fail_to_spawn({"true", std::string(1 << 20, 'x')}), exec_error(E2BIG));
}

TEST_P(Spawning, RemembersAProgramThatMayNotBeRunOverOneThatIsMissing) {
  const TemporaryDirectory directory;
  write_file(directory / "tool", "#!/bin/sh\n", 0644);
  Spawner spawner({}, GetParam());
  const StringList argv{"tool"};
  const StringList environment{"PATH=" + directory.path() + ":/nonexistent"};
  const SpawnResult result =
      spawner.spawn({.argv = argv.span(), .environment = environment.span()});
  EXPECT_EQ(std::get<SpawnError>(result), (SpawnError{SpawnStep::exec, EACCES}));
}

TEST_P(Spawning, TellsTheFailureOfEachStepBeforeExecApart) {
  EXPECT_EQ(fail_to_spawn({"true"}, {.stdout_fd = 999}),
            (SpawnError{SpawnStep::descriptors, EBADF}));
  EXPECT_EQ(fail_to_spawn({"true"}, {.working_dir = "/nonexistent"}),
            (SpawnError{SpawnStep::working_dir, ENOENT}));
  in_child([&] {
    if (geteuid() == 0) {
      ASSERT_EQ(setgroups(0, nullptr), 0);
      ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
      ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    }
    const Credentials groups = {.uid = getuid(), .gid = getgid(), .groups = {0}};
    const Credentials gid = {.uid = getuid(), .gid = 0, .groups = {}};
    const Credentials uid = {.uid = 0, .gid = getgid(), .groups = {}};
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &groups}),
              (SpawnError{SpawnStep::groups, EPERM}));
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &gid}), (SpawnError{SpawnStep::gid, EPERM}));
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &uid}), (SpawnError{SpawnStep::uid, EPERM}));
  });
}

TEST_P(Spawning, EntersTheDirectoryAsTheUserItBecame) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const TemporaryDirectory directory;
  const std::string closed = directory / "closed";
  ASSERT_EQ(mkdir(closed.c_str(), 0700), 0);
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  EXPECT_EQ(fail_to_spawn({"true"}, {.working_dir = closed.c_str(), .credentials = &credentials}),
            (SpawnError{SpawnStep::working_dir, EACCES}));
}

TEST_P(Spawning, HasReapedAChildThatFailed) {
  fail_to_spawn({"no-such-program"});
  EXPECT_EQ(std::get<ReapEnd>(reap()), ReapEnd::no_children);
}

TEST_P(Spawning, ReportsAProcessLimit) {
  in_child([&] {
    // Root is above the limit; a user that runs nothing else is where it is exact.
    constexpr std::uint32_t lonely = 64999;
    if (geteuid() == 0) {
      ASSERT_EQ(setresgid(lonely, lonely, lonely), 0);
      ASSERT_EQ(setresuid(lonely, lonely, lonely), 0);
    }
    const struct rlimit limit = {1, 1};
    ASSERT_EQ(setrlimit(RLIMIT_NPROC, &limit), 0);
    EXPECT_EQ(fail_to_spawn({"true"}), (SpawnError{SpawnStep::process, EAGAIN}));
  });
}

// Root may create the process, but the user it becomes may not have another.
TEST_P(Spawning, ReportsAProcessLimitThatAChildMeetsAsTheUserItBecame) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  in_child([&] {
    constexpr std::uint32_t lonely = 64998;
    const pid_t other =
        testing::start_pausing([] { ASSERT_EQ(setresuid(lonely, lonely, lonely), 0); });
    const struct rlimit limit = {0, 0};
    ASSERT_EQ(setrlimit(RLIMIT_NPROC, &limit), 0);
    const Credentials credentials = {.uid = lonely, .gid = lonely, .groups = {}};
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &credentials}),
              (SpawnError{SpawnStep::exec, EAGAIN}));
    kill(other, SIGKILL);
  });
}

}  // namespace
}  // namespace pid1::system
