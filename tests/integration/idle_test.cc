// While nothing happens, pid1 sleeps: it has asked the kernel for no wake-up.
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

std::string switches(const Pid1& pid1) {
  const std::string status = pid1.proc_file(1, "status");
  return status.substr(status.find("voluntary_ctxt_switches"));
}

// proc_pid_syscall(5): the number, then the arguments. epoll_wait(2)'s fourth is its timeout.
bool sleeps_without_end(const Pid1& pid1) {
  std::istringstream call(pid1.proc_file(1, "syscall"));
  std::string word;
  for (int i = 0; i < 5; ++i) call >> word;
  return static_cast<std::int32_t>(std::stoull(word, nullptr, 16)) == -1;
}

// proc_pid_fdinfo(5), of each timerfd.
bool has_a_timer_armed(const Pid1& pid1) {
  for (int fd = 0; fd < 32; ++fd) {
    const std::string info = pid1.proc_file(1, "fdinfo/" + std::to_string(fd));
    const std::size_t value = info.find("it_value: ");
    if (value != std::string::npos && !info.substr(value + 10).starts_with("(0, 0)")) return true;
  }
  return false;
}

TEST(AnIdlePid1, HasNothingThatWouldWakeIt) {
  for (const auto& [name, args] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"pid1", {"probe", "web"}},
           {"pid1", {"-g", "-t", "1h", "probe", "web"}},
           {"tini", {"probe", "web"}},
           {"dumb-init", {"probe", "web"}},
           {"catatonit", {"probe", "web"}},
           {"pid1", {"--pause"}}}) {
    SCOPED_TRACE(name);
    Pid1 pid1(Container{.args = args, .argv0 = name});
    pid1.expect_eventually("asleep", [&] { return pid1.is_asleep() && sleeps_without_end(pid1); });
    EXPECT_FALSE(has_a_timer_armed(pid1));
  }
}

TEST(AnIdlePid1, HasNothingThatWouldWakeItAfterSignalsAndOrphans) {
  Pid1 pid1(Container{.args = {"probe", "web", "orphans=20"}});
  pid1.expect(reported("web", "running"));
  pid1.signal(SIGUSR1);
  pid1.expect(received("web", SIGUSR1));
  pid1.expect_eventually("asleep", [&] { return pid1.is_asleep() && sleeps_without_end(pid1); });
  EXPECT_FALSE(has_a_timer_armed(pid1));
}

TEST(AnIdlePid1, IsNotWokenByWhatTheProgramDoes) {
  Pid1 pid1(
      Container{.args = {"probe", "web", "gate=a", "print=one", "gate=b", "setsid", "gate=c"}});
  pid1.expect(reported("web", "waiting"));
  pid1.expect_eventually("asleep", [&] { return pid1.is_asleep() && sleeps_without_end(pid1); });
  const std::string before = switches(pid1);
  for (const char* gate : {"a", "b"}) {
    pid1.open_gate(gate);
    pid1.expect(reported("web", "waiting"));
  }
  EXPECT_EQ(switches(pid1), before);
}

TEST(AnIdlePid1, WaitsWithoutATimerForAllThatIsLeft) {
  Pid1 pid1(Container{.args = {"--wait-all", "-vv", "probe", "web", "fork=child", "begin", "end",
                               "gate=go", "exit=0"}});
  pid1.expect_all({reported("child", "running"), reported("web", "waiting")});
  pid1.open_gate("go");
  pid1.expect_log("waiting for what");
  pid1.expect_eventually("asleep", [&] { return pid1.is_asleep() && sleeps_without_end(pid1); });
  EXPECT_FALSE(has_a_timer_armed(pid1));
}

}  // namespace

}  // namespace pid1::testing
