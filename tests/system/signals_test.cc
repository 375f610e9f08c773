#include "supervisor/system/signals.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <vector>

#include "supervisor/system/signal_fd.h"
#include "supervisor/system/spawner.h"
#include "tests/system/pty.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::output_of;
using testing::status_value;
using testing::StringList;

std::vector<ReceivedSignal> read_all(SignalFd& signals) {
  std::vector<ReceivedSignal> all;
  for (auto batch = signals.read(); !batch.empty(); batch = signals.read()) {
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

std::vector<int> numbers(const std::vector<ReceivedSignal>& records) {
  std::vector<int> result;
  result.reserve(records.size());
  for (const ReceivedSignal& record : records) result.push_back(record.signo);
  return result;
}

// Sends from another process, and returns its pid.
pid_t send_from_child(int signo) {
  const pid_t receiver = getpid();
  const pid_t pid = fork();
  if (pid == 0) _exit(kill(receiver, signo));
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  return pid;
}

TEST(BlockingSignals, BlocksAllThatCanBeButThoseOfAFault) {
  in_child([] {
    block_async_signals();
    const SignalSet blocked = blocked_signals();
    const SignalSet unblockable = signal_bit(SIGKILL) | signal_bit(SIGSTOP);
    EXPECT_EQ(blocked, all_signals & ~unblockable & ~fault_signals());
    EXPECT_TRUE(contains(blocked, SIGPIPE));
    EXPECT_TRUE(contains(blocked, 32));
    EXPECT_FALSE(contains(blocked, SIGSEGV));
  });
}

TEST(BlockingSignals, BlocksThoseOfAFaultTooForOneProgram) {
  in_child([] {
    const SignalSet before = signal_bit(SIGUSR1) | signal_bit(SIGSEGV);
    set_blocked_signals(before);
    EXPECT_EQ(block_all_signals().blocked, before);
    const SignalSet unblockable = signal_bit(SIGKILL) | signal_bit(SIGSTOP);
    EXPECT_EQ(blocked_signals(), all_signals & ~unblockable);
    SignalFd signals;
    for (int signo = 1; signo <= last_signal; ++signo) {
      if (contains(unblockable, signo)) continue;
      send_from_child(signo);
      const std::vector<int> read = numbers(read_all(signals));
      EXPECT_NE(std::ranges::find(read, signo), read.end()) << signo;
    }
  });
}

TEST(BlockingSignals, LetsARealFaultKill) {
  in_child([] {
    const pid_t pid = fork();
    if (pid == 0) {
      const struct rlimit no_core = {};
      setrlimit(RLIMIT_CORE, &no_core);
      void* const page = mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      block_all_signals();
      *static_cast<volatile char*>(page) = 1;
      _exit(0);
    }
    EXPECT_EQ(testing::await_any_end(), (Reaped{.pid = pid, .signaled = true, .status = SIGSEGV}));
  });
}

TEST(BlockingSignals, LeavesAChildTheMaskAndTheIgnoredSignalsThatWereInherited) {
  for (SignalMask (*const block)() : {block_async_signals, block_all_signals}) {
    in_child([block] {
      const SignalSet blocked = signal_bit(SIGTERM) | signal_bit(SIGABRT) | signal_bit(32);
      for (int signo = 1; signo <= last_signal; ++signo) {
        set_disposition(signo, Disposition::standard);
      }
      set_disposition(SIGCHLD, Disposition::ignored);
      set_disposition(SIGFPE, Disposition::ignored);
      set_blocked_signals(blocked);
      Spawner spawner(block());
      const StringList argv{"/bin/cat", "/proc/self/status"};
      const StringList environment{};
      const std::string status =
          output_of(spawner, {.argv = argv.span(), .environment = environment.span()});
      EXPECT_EQ(std::stoull(status_value(status, "SigBlk"), nullptr, 16), blocked);
      EXPECT_EQ(std::stoull(status_value(status, "SigIgn"), nullptr, 16),
                signal_bit(SIGCHLD) | signal_bit(SIGFPE));
      EXPECT_EQ(std::stoull(status_value(status, "SigCgt"), nullptr, 16), 0U);
    });
  }
}

TEST(BlockingSignals, ReturnsWhatWasInherited) {
  in_child([] {
    const SignalSet blocked = signal_bit(SIGUSR1) | signal_bit(33);
    set_blocked_signals(blocked);
    set_disposition(SIGHUP, Disposition::ignored);
    set_disposition(64, Disposition::ignored);
    signal(SIGUSR2, [](int) {});
    const SignalMask inherited = block_async_signals();
    EXPECT_EQ(inherited.blocked, blocked);
    EXPECT_TRUE(contains(inherited.ignored, SIGHUP));
    EXPECT_TRUE(contains(inherited.ignored, 64));
    EXPECT_FALSE(contains(inherited.ignored, SIGUSR2));
  });
}

TEST(BlockingSignals, MakesAnIgnoredSigchldReapableAgain) {
  in_child([] {
    set_disposition(SIGCHLD, Disposition::ignored);
    const SignalMask inherited = block_async_signals();
    EXPECT_TRUE(contains(inherited.ignored, SIGCHLD));
    EXPECT_EQ(disposition(SIGCHLD), Disposition::standard);
    const pid_t pid = fork();
    if (pid == 0) _exit(7);
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(WEXITSTATUS(status), 7);
  });
}

TEST(BlockingSignals, LeavesSigpipeForChildrenAsItWas) {
  in_child([] {
    set_disposition(SIGPIPE, Disposition::standard);
    block_async_signals();
    EXPECT_EQ(disposition(SIGPIPE), Disposition::standard);
  });
}

TEST(SignalFd, KeepsATermBehindTenThousandUsr1) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    for (int i = 0; i < 10000; ++i) kill(getpid(), SIGUSR1);
    kill(getpid(), SIGTERM);
    EXPECT_EQ(numbers(read_all(signals)), (std::vector{SIGUSR1, SIGTERM}));
  });
}

TEST(SignalFd, ReadsATermBeforeQueuedRealTimeSignalsAndLosesNone) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(sigqueue(getpid(), SIGRTMIN + 3, {}), 0);
    kill(getpid(), SIGTERM);
    const std::vector<int> read = numbers(read_all(signals));
    EXPECT_EQ(read.front(), SIGTERM);
    EXPECT_EQ(read.size(), 1001u);
  });
}

TEST(SignalFd, TellsWhoSentIt) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    const pid_t sender = send_from_child(SIGTERM);
    const std::vector<ReceivedSignal> records = read_all(signals);
    ASSERT_EQ(numbers(records), (std::vector{SIGTERM, SIGCHLD}));
    EXPECT_EQ(records[0].sender_pid, sender);
    EXPECT_EQ(records[0].sender_uid, getuid());
    EXPECT_FALSE(records[0].from_kernel);
  });
}

TEST(SignalFd, TellsAKeyAtTheTerminalFromWhatSomebodySent) {
  const testing::Pty pty;
  in_child([&] {
    block_async_signals();
    SignalFd signals;
    ASSERT_EQ(setsid(), getpid());
    pty.control();
    const UniqueFd terminal = pty.open_slave();
    ASSERT_EQ(write(pty.master(), "\3", 1), 1);  // ^C
    struct pollfd wanted = {.fd = signals.fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(poll(&wanted, 1, -1), 1);
    const std::vector<ReceivedSignal> records = read_all(signals);
    ASSERT_EQ(numbers(records), std::vector{SIGINT});
    EXPECT_TRUE(records[0].from_kernel);
    EXPECT_EQ(records[0].sender_pid, 0);
  });
}

TEST(SignalFd, LeavesOutThePipeSignalOfAnOwnWriteAndKeepsOneThatWasSent) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    close(ends[0]);
    ASSERT_EQ(write(ends[1], "x", 1), -1);
    ASSERT_EQ(errno, EPIPE);
    EXPECT_EQ(numbers(read_all(signals)), std::vector<int>());
    send_from_child(SIGPIPE);
    EXPECT_EQ(numbers(read_all(signals)), (std::vector{SIGPIPE, SIGCHLD}));
  });
}

TEST(SignalFd, LeavesOutWhatAWriteOfOursBeyondAFilesLimitRaises) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    const int file = memfd_create("log", MFD_CLOEXEC);
    const struct rlimit none = {0, RLIM_INFINITY};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
    ASSERT_EQ(write(file, "x", 1), -1);
    ASSERT_EQ(errno, EFBIG);
    EXPECT_EQ(numbers(read_all(signals)), std::vector<int>());
    send_from_child(SIGXFSZ);
    EXPECT_EQ(numbers(read_all(signals)), (std::vector{SIGCHLD, SIGXFSZ}));
  });
}

TEST(SignalFd, LeavesOutThatOurOwnCpuTimeIsUsedUp) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    siginfo_t info = {};
    info.si_code = SI_KERNEL;
    ASSERT_EQ(syscall(SYS_rt_sigqueueinfo, getpid(), SIGXCPU, &info), 0);
    EXPECT_EQ(numbers(read_all(signals)), std::vector<int>());
    send_from_child(SIGXCPU);
    EXPECT_EQ(numbers(read_all(signals)), (std::vector{SIGCHLD, SIGXCPU}));
  });
}

TEST(SignalFd, IsNonBlockingClosedOnExecAndReadableWhenASignalIsPending) {
  in_child([] {
    block_async_signals();
    SignalFd signals;
    EXPECT_EQ(signals.error(), 0);
    EXPECT_EQ(fcntl(signals.fd(), F_GETFD), FD_CLOEXEC);
    EXPECT_NE(fcntl(signals.fd(), F_GETFL) & O_NONBLOCK, 0);
    struct pollfd wanted = {.fd = signals.fd(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(poll(&wanted, 1, 0), 0);
    kill(getpid(), SIGINT);
    EXPECT_EQ(poll(&wanted, 1, 0), 1);
  });
}

TEST(SignalNames, AreThoseThatPeopleType) {
  EXPECT_EQ(signal_name(SIGTERM), "SIGTERM");
  EXPECT_EQ(signal_name(SIGHUP), "SIGHUP");
  EXPECT_EQ(signal_name(SIGRTMIN), "SIGRTMIN");
  EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(SIGRTMAX), "SIGRTMIN+30");
  EXPECT_EQ(signal_name(32), "signal 32");
  EXPECT_EQ(signal_name(0), "signal 0");
  EXPECT_EQ(signal_name(99), "signal 99");
}

}  // namespace
}  // namespace pid1::system
