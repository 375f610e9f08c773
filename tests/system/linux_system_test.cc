#include "supervisor/system/linux_system.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <vector>

#include "supervisor/system/descendants.h"
#include "supervisor/system/sweep.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::await_any_end;
using testing::in_child;
using testing::in_pid_namespace;
using testing::start_pausing;
using testing::StringList;

// An orphan with a session of its own, adopted by whoever adopts here.
pid_t start_daemon() {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    setsid();
    const pid_t daemon = start_pausing();
    if (write(ends[1], &daemon, sizeof daemon) != sizeof daemon) _exit(1);
    _exit(0);
  }
  pid_t daemon = 0;
  EXPECT_EQ(read(ends[0], &daemon, sizeof daemon), static_cast<ssize_t>(sizeof daemon));
  EXPECT_EQ(waitpid(parent, nullptr, 0), parent);
  close(ends[0]);
  close(ends[1]);
  return daemon;
}

void await_stop(pid_t pid) {
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOWAIT), 0);
}

// Reaps until no child is left; blocks while some live. Returns how many ended by `signo`.
int reap_all(System& system, int signo) {
  int count = 0;
  for (;;) {
    const auto result = system.reap();
    if (const auto* const reaped = std::get_if<Reaped>(&result)) {
      if (reaped->signaled && reaped->status == signo) ++count;
      continue;
    }
    if (std::get<ReapEnd>(result) == ReapEnd::no_children) return count;
    siginfo_t info = {};
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
  }
}

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
