#pragma once

#include <string>

namespace pid1::testing {

// A cgroup of its own that limits the number of processes: the pids controller of version 1 where
// it is mounted, else that of version 2. Removed at the end, when it is empty.
class PidsCgroup {
 public:
  // Throws where the machine has no pids controller that we may use.
  explicit PidsCgroup(int limit);
  ~PidsCgroup();
  PidsCgroup(const PidsCgroup&) = delete;
  PidsCgroup& operator=(const PidsCgroup&) = delete;

  void set_limit(int limit);
  // How often the limit refused a process so far (pids.events, max).
  int refusals() const;
  // Writing "0" here moves the writer.
  std::string procs_file() const { return path_ + "/cgroup.procs"; }

 private:
  std::string path_;
};

}  // namespace pid1::testing
