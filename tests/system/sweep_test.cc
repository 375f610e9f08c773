#include "supervisor/system/sweep.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>

#include "supervisor/system/descendants.h"
#include "supervisor/system/linux_system.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::await_any_end;
using testing::await_stop;
using testing::in_child;
using testing::in_pid_namespace;
using testing::reap_all;
using testing::start_daemon;
using testing::start_pausing;
using testing::StringList;

TEST(SignalingTheRest, ReachesEveryProcessAsInitAlsoAStoppedOne) {
  in_pid_namespace([] {
    const auto system = linux_system({});
    start_pausing();
    const pid_t stopped = start_pausing();
    kill(stopped, SIGSTOP);
    await_stop(stopped);
    start_daemon();
    system->signal_rest(SIGTERM);
    EXPECT_EQ(reap_all(*system, SIGTERM), 3);
  });
}

TEST(SignalingTheRest, ReachesOnlyOurOwnDescendantsWhenNotInit) {
  in_pid_namespace([] {
    const pid_t bystander = start_pausing();
    in_child([] {
      become_reaper();
      const auto system = linux_system({});
      start_pausing([] { prctl(PR_SET_NAME, ") S 1 1 1"); });
      const pid_t stopped = start_pausing();
      kill(stopped, SIGSTOP);
      await_stop(stopped);
      start_daemon();
      start_pausing([] { start_pausing([] { start_pausing(); }); });
      EXPECT_EQ(find_descendants().size(), 6u);
      system->signal_rest(SIGTERM);
      EXPECT_EQ(reap_all(*system, SIGTERM), 6);
    });
    EXPECT_EQ(waitpid(bystander, nullptr, WNOHANG), 0) << "somebody else's process was signaled";
  });
}

TEST(SignalingTheRest, WorksWithAFullDescriptorTable) {
  in_child([] {
    become_reaper();
    const auto system = linux_system({});
    const StringList argv{"sleep", "1000"};
    const StringList environment{};
    const auto child = std::get<std::int32_t>(
        system->spawn({.argv = argv.span(), .environment = environment.span()}));
    const struct rlimit limit = {32, 32};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
    }
    ASSERT_EQ(errno, EMFILE);
    system->signal_rest(SIGTERM);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .signaled = true, .status = SIGTERM}));
  });
}

// A daemon that lives on in a child of its own, again and again, for a fifth of a millisecond each.
void start_fleeing() {
  if (fork() != 0) return;
  setsid();
  for (;;) {
    const pid_t pid = fork();
    if (pid > 0) _exit(0);
    usleep(200);  // no event to await: this is what it does
  }
}

TEST(SignalingTheRest, MeetsOneThatForksFasterThanAPassOverManyProcessesTakes) {
  static constexpr int most_calls = 20;
  in_pid_namespace([] {
    for (int i = 0; i < 500; ++i) start_pausing();
    in_child([] {
      become_reaper();
      const auto system = linux_system({});
      start_fleeing();
      int calls = 0;
      for (; calls < most_calls && has_children(); ++calls) {
        EXPECT_TRUE(system->signal_rest(SIGKILL));
        siginfo_t info = {};
        waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
        while (std::holds_alternative<Reaped>(system->reap())) {
        }
      }
      EXPECT_LT(calls, most_calls);
    });
  });
}

// As find_descendants() can't look.
void without_a_proc(const std::function<void(pid_t bystander)>& test) {
  in_pid_namespace([&] {
    const pid_t bystander = start_pausing([] { setpgid(0, 0); });
    in_child([&] {
      ASSERT_EQ(umount2("/proc", MNT_DETACH), 0);
      ASSERT_EQ(mount("none", "/proc", "tmpfs", 0, nullptr), 0);
      become_reaper();
      test(bystander);
    });
    EXPECT_EQ(waitpid(bystander, nullptr, WNOHANG), 0) << "somebody else's process was signaled";
  });
}

// A program that has a child in its group; both run when this returns.
std::int32_t start_program(System& system) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const StringList argv{"sh", "-c", "sleep 1000 & echo; exec sleep 1000"};
  const StringList environment{};
  const SpawnResult result =
      system.spawn({.argv = argv.span(), .environment = environment.span(), .stdout_fd = ends[1]});
  char line;
  EXPECT_EQ(read(ends[0], &line, 1), 1);
  close(ends[0]);
  close(ends[1]);
  return std::get<std::int32_t>(result);
}

TEST(SignalingTheRest, ReachesChildrenAndTheProgramsGroupWithoutAProc) {
  without_a_proc([](pid_t) {
    const auto system = linux_system({});
    start_program(*system);
    start_daemon();
    const pid_t stopped = start_pausing();
    kill(stopped, SIGSTOP);
    await_stop(stopped);
    EXPECT_TRUE(find_descendants().empty());
    EXPECT_FALSE(system->signal_rest(SIGTERM));
    EXPECT_EQ(reap_all(*system, SIGTERM), 4);
  });
}

// Another process may have got the number of one that has gone.
TEST(SignalingTheRest, LeavesAGroupAloneWithoutAProcThatHasNoChildOfOurs) {
  without_a_proc([](pid_t bystander) {
    ASSERT_EQ(getpgid(bystander), bystander);
    start_pausing();
    EXPECT_FALSE(signal_descendants(SIGTERM, bystander));
    EXPECT_EQ(reap_all(*linux_system({}), SIGTERM), 1);
  });
}

TEST(SignalingTheRest, TrustsNoProcOfAnotherNamespace) {
  in_pid_namespace([] {
    // What is underneath: there, our number 1 is that of a process with descendants, none of them
    // ours.
    ASSERT_EQ(umount2("/proc", MNT_DETACH), 0);
    ASSERT_EQ(access("/proc/1/stat", R_OK), 0);
    EXPECT_TRUE(find_descendants().empty());
  });
}

}  // namespace
}  // namespace pid1::system
