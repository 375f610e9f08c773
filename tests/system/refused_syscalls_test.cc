#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "supervisor/system/descendants.h"
#include "supervisor/system/output.h"
#include "supervisor/system/spawner.h"
#include "supervisor/system/wait.h"
#include "tests/system/refuse.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::await_any_end;
using testing::in_child;
using testing::output_of;
using testing::refuse_syscall;
using testing::StringList;

const StringList& environment() {
  static const StringList list{"PATH=/usr/bin:/bin"};
  return list;
}

class CloneRefusedWith : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Errors, CloneRefusedWith, ::testing::Values(EPERM, EINVAL, ENOSYS),
                         [](const auto& error) {
                           return std::string(strerrorname_np(error.param));
                         });

TEST_P(CloneRefusedWith, SpawnsByFork) {
  in_child([] {
    refuse_syscall(SYS_clone, GetParam(), CLONE_VM);
    Spawner spawner({});
    const StringList argv{"echo", "alive"};
    EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment().span()}),
              "alive\n");
    EXPECT_EQ(spawner.method(), SpawnMethod::fork);
  });
}

TEST(CloseRange, ThatIsRefusedCostsNoChildAndNoDescriptorOfOurs) {
  in_child([] {
    refuse_syscall(SYS_close_range, EPERM);
    Spawner spawner({});
    const StringList argv{"echo", "alive"};
    const SpawnRequest request = {.argv = argv.span(), .environment = environment().span()};
    const UniqueFd ours(open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(output_of(spawner, request), "alive\n");
    EXPECT_EQ(output_of(spawner, request), "alive\n");
    EXPECT_GE(fcntl(ours.get(), F_GETFD), 0);
    EXPECT_EQ(spawner.method(), SpawnMethod::clone);
  });
}

TEST_P(CloneRefusedWith, StillTellsWhichStepFailed) {
  in_child([] {
    refuse_syscall(SYS_clone, GetParam(), CLONE_VM);
    Spawner spawner({});
    const StringList argv{"no-such-program"};
    SpawnRequest request = {.argv = argv.span(), .environment = environment().span()};
    EXPECT_EQ(std::get<SpawnError>(spawner.spawn(request)), (SpawnError{SpawnStep::exec, ENOENT}));
    request.working_dir = "/nonexistent";
    EXPECT_EQ(std::get<SpawnError>(spawner.spawn(request)),
              (SpawnError{SpawnStep::working_dir, ENOENT}));
    EXPECT_EQ(std::get<ReapEnd>(reap()), ReapEnd::no_children);
  });
}

TEST(AllOfCloneRefused, IsReportedAsAFailureToCreateAProcess) {
  in_child([] {
    refuse_syscall(SYS_clone, EPERM);
    Spawner spawner({});
    const StringList argv{"true"};
    EXPECT_EQ(std::get<SpawnError>(
                  spawner.spawn({.argv = argv.span(), .environment = environment().span()})),
              (SpawnError{SpawnStep::process, EPERM}));
  });
}

TEST(CloneThatLacksResources, IsNotTakenForARefusal) {
  in_child([] {
    refuse_syscall(SYS_clone, EAGAIN, CLONE_VM);
    Spawner spawner({});
    const StringList argv{"true"};
    EXPECT_EQ(std::get<SpawnError>(
                  spawner.spawn({.argv = argv.span(), .environment = environment().span()})),
              (SpawnError{SpawnStep::process, EAGAIN}));
    EXPECT_EQ(spawner.method(), SpawnMethod::clone);
  });
}

TEST(CloseRangeRefused, StopsNoSpawn) {
  in_child([] {
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);  // what the test itself was given, if anything
    refuse_syscall(SYS_close_range, ENOSYS);
    Spawner spawner({});
    const StringList argv{"sh", "-c", "ls /proc/$$/fd; true"};
    EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment().span()}),
              "0\n1\n2\n");
  });
}

// As with a kernel whose pipes don't know RWF_NOWAIT.
TEST(NoWaitRefused, LeavesAFullPipeUnwaitedFor) {
  in_child([] {
    alarm(60);
    refuse_syscall(SYS_pwritev2, EOPNOTSUPP);
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const std::string line(997, 'x');
    ssize_t written;
    ssize_t total = 0;
    while ((written = write_without_blocking(ends[1], line)) > 0) total += written;
    EXPECT_EQ(written, -EAGAIN);
    EXPECT_GT(total, 4096);
    EXPECT_EQ(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
  });
}

TEST(PidfdsRefused, DescendantsAreSignaledAllTheSame) {
  in_child([] {
    refuse_syscall(SYS_pidfd_open, ENOSYS);
    const pid_t child = fork();
    if (child == 0) {
      for (;;) pause();
    }
    for (const ProcessId& id : find_descendants()) signal_exactly(id, SIGTERM);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .signaled = true, .status = SIGTERM}));
  });
}

}  // namespace
}  // namespace pid1::system
