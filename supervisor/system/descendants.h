#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace pid1::system {

// One process as /proc tells it. A number comes back for another process once it was reaped; the
// two together do not.
struct ProcessId {
  std::int32_t pid = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot, proc_pid_stat(5) field 22
  auto operator<=>(const ProcessId&) const = default;
};

// Whether /proc is that of this PID namespace: the numbers of another mean other processes here.
bool is_own_proc_mounted();

// All living processes that this one or its descendants started or adopted, in no order. Empty
// without a /proc of our own.
std::vector<ProcessId> find_descendants();

// Signals this process, and none that has got its number since.
void signal_exactly(const ProcessId& id, int signo);

}  // namespace pid1::system
