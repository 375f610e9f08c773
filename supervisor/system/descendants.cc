#include "supervisor/system/descendants.h"

#include <algorithm>
#include <optional>

namespace pid1::system {
namespace {

std::vector<ProcessFacts> read_processes() {
  std::vector<ProcessFacts> processes;
  for_each_process([&](std::int32_t pid) {
    if (const auto process = process_facts(pid)) processes.push_back(*process);
  });
  return processes;
}

}  // namespace

bool is_own_proc_mounted() { return own_process_facts().has_value(); }

// A picture taken while processes come and go: the dead are followed, for one may stand between us
// and a child that is ours by now, but not returned.
std::vector<ProcessId> find_descendants() {
  std::vector<ProcessId> found;
  const std::optional<ProcessFacts> self = own_process_facts();
  if (!self) return found;
  std::vector<ProcessFacts> processes = read_processes();
  std::erase_if(processes, [&](const ProcessFacts& process) { return process.id == self->id; });
  std::ranges::sort(processes, {}, &ProcessFacts::parent);
  std::vector<std::int32_t> parents = {self->id.pid};
  while (!parents.empty()) {
    const std::int32_t parent = parents.back();
    parents.pop_back();
    for (const ProcessFacts& child :
         std::ranges::equal_range(processes, parent, {}, &ProcessFacts::parent)) {
      parents.push_back(child.id.pid);
      if (!child.is_dead) found.push_back(child.id);
    }
  }
  return found;
}

}  // namespace pid1::system
