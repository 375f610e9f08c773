#pragma once

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

// All living processes that this one or its descendants started or adopted, in no order. Empty
// without a /proc, or with that of another PID namespace, whose numbers mean other processes here.
std::vector<ProcessId> find_descendants();

// Signals each descendant once, those included that are born meanwhile, as long as a few passes
// over /proc find them. Never a process that isn't one. False where find_descendants() can't look.
bool signal_descendants(int signo);

}  // namespace pid1::system
