#include "supervisor/system/process_environment.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "supervisor/system/unique_fd.h"
#include "tests/system/support.h"

namespace pid1::system::testing {
namespace {

// A program with this environment, and the variable NAME as it is seen in it.
std::optional<std::string> name_in(std::vector<std::string> environment) {
  int input[2];
  int executed[2];
  EXPECT_EQ(pipe2(input, O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(executed, O_CLOEXEC), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    std::vector<char*> pointers;
    pointers.reserve(environment.size() + 1);
    for (std::string& one : environment) pointers.push_back(one.data());
    pointers.push_back(nullptr);
    dup2(input[0], STDIN_FILENO);
    execle("/bin/cat", "cat", nullptr, pointers.data());
    _exit(1);
  }
  close(input[0]);
  close(executed[1]);
  char none;
  EXPECT_EQ(read(executed[0], &none, 1), 0) << "the exec closes it";
  const auto value = environment_of(pid, "NAME", std::chrono::seconds(30));
  close(executed[0]);
  close(input[1]);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  return value;
}

TEST(TheEnvironmentOfAProcess, TellsAVariable) {
  EXPECT_EQ(name_in({"A=b", "NAME=web", "NAME=other"}), "web");
  EXPECT_EQ(name_in({"NAME="}), "");
  EXPECT_EQ(name_in({"NAME=a=b"}), "a=b");
}

TEST(TheEnvironmentOfAProcess, LacksWhatOnlyLooksLikeIt) {
  EXPECT_EQ(name_in({}), std::nullopt);
  EXPECT_EQ(name_in({"NAME", "NAMES=x", "XNAME=x", "A=NAME=x", "name=x", "", "=NAME=x"}),
            std::nullopt);
}

TEST(TheEnvironmentOfAProcess, IsReadBehindLongVariables) {
  EXPECT_EQ(name_in({"A=" + std::string(20'000, 'x'), "NAME=web"}), "web");
  for (std::size_t length = 4080; length < 4100; ++length) {
    EXPECT_EQ(name_in({"A=" + std::string(length, 'x'), "NAME=web"}), "web") << length;
  }
}

TEST(TheEnvironmentOfAProcess, IsReadWithinBounds) {
  EXPECT_EQ(name_in({"NAME=" + std::string(255, 'x')}), std::string(255, 'x'));
  EXPECT_EQ(name_in({"NAME=" + std::string(256, 'x')}), std::nullopt);
  const std::string large = "A=" + std::string(100'000, 'x');
  EXPECT_EQ(name_in({large, large, "NAME=web"}), "web");
  EXPECT_EQ(name_in({large, large, large, "NAME=web"}), std::nullopt);
}

TEST(TheEnvironmentOfAProcess, IsGoneWithTheProcess) {
  const pid_t pid = fork();
  if (pid == 0) _exit(0);
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(environment_of(pid, "PATH", std::chrono::seconds(30)), std::nullopt);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
  EXPECT_EQ(environment_of(pid, "PATH", std::chrono::seconds(30)), std::nullopt);
}

TEST(TheEnvironmentOfAProcess, LeavesNothingBehind) {
  const int before = count_descriptors();
  environment_of(getpid(), "PATH", std::chrono::seconds(30));
  EXPECT_EQ(count_descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
}

}  // namespace
}  // namespace pid1::system::testing
