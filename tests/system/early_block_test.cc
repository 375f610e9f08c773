#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::output_of;
using testing::StringList;

class AnEarlyBlock : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Links, AnEarlyBlock,
                         ::testing::Values("early_block_probe", "early_block_probe_static"),
                         [](const auto& link) { return std::string(link.param); });

TEST_P(AnEarlyBlock, KeepsASignalFromBeforeMainAndWhatWasInherited) {
  const SignalSet inherited = signal_bit(SIGUSR1) | signal_bit(33);
  const SignalSet unblockable = signal_bit(SIGKILL) | signal_bit(SIGSTOP);
  Spawner spawner({.blocked = inherited});
  const StringList argv{std::string("tests/system/") + GetParam()};
  const StringList environment{};
  char expected[64];
  std::snprintf(expected, sizeof expected, "0 %016llx %016llx 1\n",
                static_cast<unsigned long long>(all_signals & ~unblockable),
                static_cast<unsigned long long>(inherited));
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}), expected);
}

// The loader of a dynamic program makes calls of its own.
#if !defined(__SANITIZE_ADDRESS__)
TEST(TheEarlyBlock, IsTheFirstSystemCallOfAStaticProgram) {
  const pid_t pid = fork();
  if (pid == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execl("tests/system/early_block_probe_static", "probe", nullptr);
    _exit(127);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFSTOPPED(status)) << "it stops with its exec";
  ASSERT_EQ(ptrace(PTRACE_SETOPTIONS, pid, nullptr, PTRACE_O_TRACESYSGOOD), 0);
  ASSERT_EQ(ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr), 0);
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  __ptrace_syscall_info info = {};
  EXPECT_GT(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info), 0);
  EXPECT_EQ(info.op, PTRACE_SYSCALL_INFO_ENTRY);
  EXPECT_EQ(info.entry.nr, static_cast<unsigned>(SYS_rt_sigprocmask));
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
}
#endif

}  // namespace
}  // namespace pid1::system
