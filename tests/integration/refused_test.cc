// The system has no process or descriptor to give: nobody's fault, and it passes.
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// Restarts are forbidden: whoever counts a refusal as an attempt ends the container.
constexpr const char* kConfig = R"(
services:
  first: {command: probe first}
  web: {command: probe web, restart: "no", depends_on: [first]}
)";

int lines_with(const std::string& text, const std::string& what) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++count;
  return count;
}

void expect_several_refusals(Pid1& pid1) {
  pid1.expect_eventually("refused three times", [&] {
    return lines_with(pid1.err(), "web: cannot create a process") >= 3;
  });
}

// A process of a user, outside the container, that uses up one of the user's processes.
class Neighbour {
 public:
  // Counts as the user's own when it returns.
  explicit Neighbour(uid_t user) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
    pid_ = fork();
    if (pid_ == 0) be(user, ends[1]);
    close(ends[1]);
    char moved_in = 0;
    const bool success = read(ends[0], &moved_in, 1) == 1;
    close(ends[0]);
    if (!success) throw std::runtime_error("cannot run a neighbour");
  }
  ~Neighbour() { leave(); }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;
  void leave() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  [[noreturn]] static void be(uid_t user, int tell) {
    if (setresuid(user, user, user) != 0) _exit(1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (write(tell, ".", 1) != 1) _exit(1);
    for (;;) pause();
  }

  pid_t pid_ = -1;
};

TEST(Refused, ByThePidsCgroupIsTriedAgainUntilItIsAllowed) {
  PidsCgroup cgroup(2);
  Pid1 pid1(Container{
      .config = kConfig, .environment = {{"PID1_LOG_LEVEL", "debug"}}, .cgroup = &cgroup});
  pid1.expect(reported("first", "running"));
  expect_several_refusals(pid1);
  EXPECT_GE(cgroup.refusals(), 3);
  EXPECT_EQ(pid1.count(started("web")), 0);
  cgroup.set_limit(10);
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  pid1.expect_sequence({exiting("web", 0), exiting("first", 0)});
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Refused, ByTheUsersLimitIsTriedAgainUntilItIsAllowed) {
  const auto user = static_cast<uid_t>(100000 + getpid());  // nobody else's
  Neighbour neighbour(user);
  Pid1 pid1(Container{.config = kConfig,
                      .environment = {{"PID1_LOG_LEVEL", "debug"}},
                      .user = user,
                      .limits = {{RLIMIT_NPROC, 3}}});
  pid1.expect(reported("first", "running"));
  expect_several_refusals(pid1);
  EXPECT_EQ(pid1.count(started("web")), 0);
  neighbour.leave();
  pid1.expect(reported("web", "running"));
  EXPECT_EQ(pid1.count(started("web")), 1);
}

TEST(Refused, DoesNotKeepFromStopping) {
  PidsCgroup cgroup(2);
  Pid1 pid1(Container{
      .config = kConfig, .environment = {{"PID1_LOG_LEVEL", "debug"}}, .cgroup = &cgroup});
  pid1.expect(reported("first", "running"));
  expect_several_refusals(pid1);
  pid1.signal(SIGTERM);
  pid1.expect_sequence({received("first", SIGTERM), exiting("first", 0)});
  EXPECT_EQ(pid1.wait(), 0);
  EXPECT_EQ(pid1.count(started("web")), 0);
}

TEST(Refused, AProgramThatNeverRanIsNoSuccessWhenTheEndIsAskedFor) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    PidsCgroup cgroup(1);
    Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = name, .cgroup = &cgroup});
    pid1.expect_log("cannot create a process");
    pid1.signal(SIGTERM);
    EXPECT_EQ(pid1.wait(), 128 + SIGTERM);
    EXPECT_EQ(pid1.count(started("web")), 0);
  }
}

// A user's name takes a look into /etc/passwd, which takes a descriptor; pid1 has used up all it
// may have.
TEST(Refused, DescriptorsAreTriedAgainUntilThereAreSome) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, user: root, restart: {max_attempts: 1, delay: 10ms}}
)");
  const Event first = pid1.expect(started("web"));
  pid1.expect(reported("web", "running"));
  pid1.set_limit({RLIMIT_NOFILE, 3});
  pid1.signal_inside(first.number("pid"), SIGKILL);
  pid1.expect_log("Too many open files");
  pid1.set_limit({RLIMIT_NOFILE, 256});
  pid1.expect(reported("web", "running"));
  EXPECT_EQ(pid1.count(started("web")), 2);
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Refused, DescriptorsAreNotNeededToRestartWhatHasPid1sOutputOrToStop) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    restart: {max_attempts: 1, delay: 10ms}
    logging: {driver: inherit}
)");
  const Event first = pid1.expect(started("web"));
  pid1.expect(reported("web", "running"));
  pid1.set_limit({RLIMIT_NOFILE, 3});
  pid1.signal_inside(first.number("pid"), SIGKILL);
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
