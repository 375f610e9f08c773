#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace pid1::system {

// One process as /proc tells it. A number comes back for another process once it was reaped; the
// two together do not.
struct ProcessId {
  std::int32_t pid = 0;
  std::uint64_t start_time = 0;  // clock ticks since boot, proc_pid_stat(5) field 22
  auto operator<=>(const ProcessId&) const = default;
};

struct ProcessFacts {
  ProcessId id;
  std::int32_t parent = 0;   // 0: outside of this PID namespace
  std::int32_t group = 0;    // likewise
  std::int32_t session = 0;  // likewise
  bool is_dead = false;      // a zombie, or on its way
};

// Nothing where there is no such process, or no descriptor to ask for it with. Those of a zombie
// are what they were. Never waits for the process.
std::optional<ProcessFacts> process_facts(std::int32_t pid);

// The real user id that it runs as (proc_pid_status(5)). Nothing where that can't be told.
std::optional<std::uint32_t> user_of(std::int32_t pid);

// This process's own. Nothing without a /proc, or with that of another PID namespace, whose numbers
// mean other processes here.
std::optional<ProcessFacts> own_process_facts();

// Calls with each process's number, those included that come and go meanwhile or not, and zombies.
// One pass over the names in /proc; nothing is allocated.
void for_each_process(const std::function<void(std::int32_t pid)>& visit);

// Signals this process, and never another that has got its number. 0 or errno; ESRCH: it has gone.
int signal_exactly(const ProcessId& id, int signo);

}  // namespace pid1::system
