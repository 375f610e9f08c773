#pragma once

#include <functional>
#include <string>

namespace pid1::system::testing {

// A cgroup of version 2 below the root of the machine's, gone with all that is in it at the end.
// Only root can make one.
class TestCgroup {
 public:
  TestCgroup();
  ~TestCgroup();
  TestCgroup(const TestCgroup&) = delete;
  TestCgroup& operator=(const TestCgroup&) = delete;

  const std::string& path() const { return path_; }
  // As /proc/PID/cgroup has it.
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::string path_;
};

// Puts this process there.
void enter_cgroup(const std::string& path);

// Runs `test` as PID 1 of a PID namespace, in `cgroup`, which is the root of a cgroup namespace and
// mounted by itself in `mount_point`: as an engine starts a container.
void in_container(const std::string& cgroup, const std::string& mount_point,
                  const std::function<void()>& test);

}  // namespace pid1::system::testing
