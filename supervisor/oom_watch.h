#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "supervisor/cgroups.h"

namespace pid1::supervisor {

// Tells an OOM kill from another SIGKILL, by the kernel's own count: that of the service's cgroup
// where it has one, else the container's.
class OomWatch {
 public:
  // `cgroups` outlives this object.
  OomWatch(std::size_t services, const Cgroups& cgroups) : services_(services), cgroups_(cgroups) {}

  // What was counted before doesn't count. Without this call nothing ever does.
  void begin();
  // SIGKILL ended a process of the service, and it wasn't ours: whether the kernel has killed for
  // want of memory, and that wasn't told of another one before.
  bool has_killed(ServiceId service);

 private:
  std::uint64_t& told(ServiceId service);

  std::size_t services_;
  const Cgroups& cgroups_;
  std::vector<std::uint64_t> told_;  // by service; the last one is the container's
};

}  // namespace pid1::supervisor
