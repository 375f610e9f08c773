#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::system {

// The directory of a process's cgroup, from the texts of its /proc/PID/cgroup (cgroups(7)) and
// /proc/PID/mountinfo (proc_pid_mountinfo(5)). `controller` is one of version 1, or empty for
// version 2. Nothing where no mount shows that directory.
std::optional<std::string> cgroup_directory(std::string_view cgroups, std::string_view mounts,
                                            std::string_view controller);

// pid1's cgroup of version 2, as far as it can be divided among services.
struct OwnCgroup {
  std::string path;      // of its directory; empty: it can't be
  std::string name;      // as /proc/PID/cgroup has it, "/" at its namespace's root
  std::string obstacle;  // why it can't be: "/sys/fs/cgroup is read-only"
  // Whether all of it is the container's, and every process in it may be moved.
  bool is_containers = false;
};

// It must be writable, and hold nobody who isn't ours: as PID 1, no process outside the PID
// namespace; else none but this process and its ancestors. So no other pid1 divides it too.
OwnCgroup find_own_cgroup();

// The name of a process's cgroup of version 2; empty for none that it has.
std::string cgroup_of(std::int32_t pid);

// The file that counts, as its value `oom_kill`, the processes of this container that the kernel
// killed for want of memory: memory.events of version 2, or memory.oom_control of version 1. Empty
// where there is none to be read.
std::string find_oom_counter();

}  // namespace pid1::system
