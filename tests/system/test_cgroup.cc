#include "tests/system/test_cgroup.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "supervisor/system/cgroup.h"
#include "supervisor/system/cgroup_location.h"
#include "supervisor/system/unique_fd.h"
#include "tests/system/support.h"

namespace pid1::system::testing {
namespace {

std::string mount_point() {
  const auto root = cgroup_directory("0::/\n", read_text("/proc/self/mountinfo"), "");
  EXPECT_TRUE(root) << "this machine has no cgroup v2";
  return root.value_or("/nowhere");
}

std::string next_name() {
  static int count = 0;
  return "/pid1-test-" + std::to_string(getpid()) + "-" + std::to_string(++count);
}

// What was killed takes its time to end; a change of the file is an event (cgroup-v2.rst).
void await_emptiness(const std::string& path) {
  const UniqueFd events(open((path + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  char text[64];
  while (pread(events.get(), text, sizeof text, 0) > 0 && is_populated(path)) {
    pollfd changed = {.fd = events.get(), .events = POLLPRI, .revents = 0};
    constexpr int deadline = 10'000;  // milliseconds
    if (poll(&changed, 1, deadline) != 1) return ADD_FAILURE() << path << " does not get empty";
  }
}

}  // namespace

TestCgroup::TestCgroup() : name_(next_name()), path_(mount_point() + name_) {
  EXPECT_EQ(make_cgroup(path_), 0) << path_;
}

TestCgroup::~TestCgroup() {
  kill_cgroup(path_);
  await_emptiness(path_);
  remove_cgroup(path_);
}

void enter_cgroup(const std::string& path) {
  ASSERT_EQ(write_cgroup(path, "cgroup.procs", "0"), 0) << path << ": " << strerror(errno);
}

void in_container(const std::string& cgroup, const std::string& mount_point,
                  const std::function<void()>& test) {
  in_pid_namespace([&] {
    enter_cgroup(cgroup);
    ASSERT_EQ(unshare(CLONE_NEWCGROUP), 0) << strerror(errno);
    ASSERT_EQ(mount("none", mount_point.c_str(), "cgroup2", 0, nullptr), 0) << strerror(errno);
    test();
  });
}

}  // namespace pid1::system::testing
