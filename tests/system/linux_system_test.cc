#include "supervisor/system/linux_system.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

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

TEST(Reaping, TellsHowAProcessEnded) {
  in_child([] {
    const auto system = linux_system({});
    EXPECT_EQ(std::get<ReapEnd>(system->reap()), ReapEnd::no_children);
    const pid_t paused = start_pausing();
    EXPECT_EQ(std::get<ReapEnd>(system->reap()), ReapEnd::none_ended);
    EXPECT_EQ(system->signal_process(paused, SIGKILL), 0);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = paused, .signaled = true, .status = SIGKILL}));
    const pid_t exited = fork();
    if (exited == 0) _exit(200);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = exited, .status = 200}));
  });
}

TEST(Reaping, AdoptsAndReapsTwentyThousandOrphansAsInit) {
  static constexpr int orphans = 20000;
  in_pid_namespace([] {
    EXPECT_EQ(become_reaper(), ReaperRole::init);
    const auto system = linux_system({});
    EXPECT_TRUE(system->is_init());
    const pid_t parent = fork();
    if (parent == 0) {
      for (int i = 0; i < orphans; ++i) {
        pid_t pid;
        // NOLINTNEXTLINE(bugprone-unsafe-functions): a child that only exits, many times
        while ((pid = vfork()) < 0) sched_yield();  // another test may hold many numbers
        if (pid == 0) _exit(0);
      }
      _exit(0);
    }
    await_end(parent);
    int reaped = 0;
    while (std::holds_alternative<Reaped>(system->reap())) ++reaped;
    EXPECT_EQ(reaped, orphans);
    EXPECT_EQ(std::get<ReapEnd>(system->reap()), ReapEnd::no_children);
  });
}

TEST(Reaping, AdoptsOrphansAsSubreaper) {
  in_child([] {
    EXPECT_EQ(become_reaper(), ReaperRole::subreaper);
    const auto system = linux_system({});
    EXPECT_FALSE(system->is_init());
    const pid_t daemon = start_daemon();
    EXPECT_EQ(system->signal_process(daemon, SIGTERM), 0);
    EXPECT_EQ(reap_all(*system, SIGTERM), 1);
  });
}

TEST(AStop, IsToldOnceWithItsSignalAndIsNoEnd) {
  in_child([] {
    const auto system = linux_system({});
    // In a group of its own, because SIGTSTP stops no member of an orphaned one.
    const pid_t child = start_pausing([] { setpgid(0, 0); });
    EXPECT_EQ(system->stop_signal_of(child), 0);
    for (const int signo : {SIGTSTP, SIGTTIN, SIGSTOP}) {
      kill(child, signo);
      await_stop(child);
      EXPECT_EQ(std::get<ReapEnd>(system->reap()), ReapEnd::none_ended);
      EXPECT_EQ(system->stop_signal_of(child), signo);
      EXPECT_EQ(system->stop_signal_of(child), 0);
      kill(child, SIGCONT);
    }
    kill(child, SIGKILL);
    siginfo_t info = {};
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    EXPECT_EQ(system->stop_signal_of(child), 0);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .signaled = true, .status = SIGKILL}));
    EXPECT_EQ(system->stop_signal_of(child), 0);
  });
}

TEST(StoppingItself, LastsUntilItIsContinued) {
  in_child([] {
    const auto system = linux_system({});
    const pid_t child = fork();
    if (child == 0) {
      set_blocked_signals(all_signals);
      system->stop_self();
      _exit(7);
    }
    await_stop(child);
    EXPECT_EQ(system->stop_signal_of(child), SIGSTOP);
    kill(child, SIGCONT);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .status = 7}));
  });
}

TEST(StoppingItself, DoesNothingAsInit) {
  in_pid_namespace([] {
    linux_system({})->stop_self();
    EXPECT_EQ(getpid(), 1);
  });
}

TEST(SignalingAProcess, NeverAddressesEverybodyOrInit) {
  const auto system = linux_system({});
  for (const std::int32_t pid : {1, 0, -1, -2}) {
    EXPECT_EQ(system->signal_process(pid, 0), ESRCH);
    EXPECT_EQ(system->signal_group(pid, 0), ESRCH);
    EXPECT_FALSE(system->group_exists(pid));
  }
}

TEST(AGroup, ExistsUntilItsLastMemberIsReaped) {
  in_child([] {
    const auto system = linux_system({});
    const StringList argv{"sh", "-c", "exec sleep 1000"};
    const StringList environment{};
    const SpawnResult result =
        system->spawn({.argv = argv.span(), .environment = environment.span()});
    const auto pid = std::get<std::int32_t>(result);
    EXPECT_TRUE(system->group_exists(pid));
    EXPECT_EQ(system->signal_group(pid, SIGTERM), 0);
    siginfo_t info = {};
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    EXPECT_TRUE(system->group_exists(pid)) << "a zombie is a member";
    EXPECT_TRUE(std::holds_alternative<Reaped>(system->reap()));
    EXPECT_FALSE(system->group_exists(pid));
  });
}

}  // namespace
}  // namespace pid1::system
