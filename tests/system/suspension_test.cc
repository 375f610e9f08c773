#include "supervisor/system/suspension.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "supervisor/system/signal_fd.h"
#include "supervisor/system/signals.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::await_any_end;
using testing::await_stop;
using testing::in_child;
using testing::in_pid_namespace;
using testing::start_pausing;

constexpr int kContinued = 7;
constexpr int kNotStopped = 8;

// Forks a child that suspends itself in a group of its own, so that the group is no orphan.
pid_t start_suspended(int signo, StopScope scope) {
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    set_blocked_signals(all_signals);
    _exit(suspend(signo, scope) ? kContinued : kNotStopped);
  }
  return pid;
}

TEST(ASuspension, StopsUsByTheSignalUntilWeAreContinued) {
  in_child([] {
    for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU}) {
      const pid_t child = start_suspended(signo, StopScope::process);
      await_stop(child);
      EXPECT_EQ(stop_signal_of(child), signo);
      kill(child, SIGCONT);
      EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .status = kContinued}));
    }
  });
}

TEST(ASuspension, StopsAlsoWhoIgnoresTheSignal) {
  in_child([] {
    set_disposition(SIGTSTP, Disposition::ignored);
    const pid_t child = start_suspended(SIGTSTP, StopScope::process);
    await_stop(child);
    kill(child, SIGCONT);
    EXPECT_EQ(await_any_end().status, kContinued);
  });
}

TEST(ASuspension, LeavesMaskAndDispositionAsTheyWere) {
  for (const Disposition inherited : {Disposition::standard, Disposition::ignored}) {
    in_child([inherited] {
      setsid();
      set_disposition(SIGTSTP, inherited);
      set_blocked_signals(all_signals);
      const SignalSet before = blocked_signals();
      suspend(SIGTSTP, StopScope::process);
      EXPECT_EQ(blocked_signals(), before);
      EXPECT_EQ(disposition(SIGTSTP), inherited);
    });
  }
}

TEST(ASuspension, StopsTheOthersOfTheGroupWhereItIsTheirs) {
  for (const StopScope scope : {StopScope::process, StopScope::group}) {
    in_child([scope] {
      // The other leads the group; a shell's script does.
      const pid_t other = start_pausing([] { setpgid(0, 0); });
      const pid_t child = fork();
      if (child == 0) {
        setpgid(0, other);
        set_blocked_signals(all_signals);
        _exit(suspend(SIGTSTP, scope) ? kContinued : kNotStopped);
      }
      await_stop(child);
      if (scope == StopScope::group) await_stop(other);
      EXPECT_EQ(stop_signal_of(other), scope == StopScope::group ? SIGTSTP : 0);
      kill(child, SIGCONT);
      EXPECT_EQ(await_any_end().status, kContinued);
      kill(other, SIGKILL);
    });
  }
}

TEST(ASuspension, IsNoneInAnOrphanedGroup) {
  in_child([] {
    setsid();
    set_blocked_signals(all_signals);
    SignalFd signals;
    EXPECT_FALSE(suspend(SIGTSTP, StopScope::group));
    EXPECT_TRUE(signals.read().empty()) << "the signal is still pending";
  });
}

// As pid1 is in an image's shell script.
TEST(ASuspension, IsNoneWhereTheParentIsOfAnOrphanedGroupToo) {
  in_child([] {
    setsid();
    const pid_t child = fork();
    if (child == 0) {
      set_blocked_signals(all_signals);
      _exit(suspend(SIGTSTP, StopScope::group) ? kContinued : kNotStopped);
    }
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .status = kNotStopped}));
  });
}

TEST(ASuspension, IsNoneOfAnInit) {
  in_pid_namespace([] {
    const pid_t other = start_pausing();
    set_blocked_signals(all_signals);
    EXPECT_FALSE(suspend(SIGTSTP, StopScope::group));
    EXPECT_EQ(stop_signal_of(other), 0);
    kill(other, SIGKILL);
  });
}

TEST(ASuspension, LeavesTheSignalThatContinuedUsToBeRead) {
  in_child([] {
    const pid_t child = fork();
    if (child == 0) {
      setpgid(0, 0);
      set_blocked_signals(all_signals);
      SignalFd signals;
      suspend(SIGTSTP, StopScope::process);
      const auto records = signals.read();
      _exit(records.size() == 1 && records[0].signo == SIGCONT ? 0 : 1);
    }
    await_stop(child);
    kill(child, SIGCONT);
    EXPECT_EQ(await_any_end(), (Reaped{.pid = child, .status = 0}));
  });
}

}  // namespace
}  // namespace pid1::system
