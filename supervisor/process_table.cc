#include "supervisor/process_table.h"

namespace pid1::supervisor {

ProcessTable::ProcessTable(std::size_t services) : slots_(services) { owners_.reserve(services); }

void ProcessTable::add(std::int32_t pid, Owner owner) {
  slots_[index(owner.service)] = {pid, owner.generation, true};
  owners_.insert_or_assign(pid, owner);
}

std::optional<ProcessTable::Owner> ProcessTable::remove(std::int32_t pid) {
  const auto owner = owner_of(pid);
  if (!owner) return std::nullopt;
  owners_.erase(pid);
  slots_[index(owner->service)].alive = false;
  return owner;
}

std::optional<ProcessTable::Owner> ProcessTable::owner_of(std::int32_t pid) const {
  const auto found = owners_.find(pid);
  if (found == owners_.end()) return std::nullopt;
  return found->second;
}

std::int32_t ProcessTable::process_of(ServiceId service, Generation generation) const {
  const Slot& slot = slots_[index(service)];
  return slot.alive && slot.generation == generation ? slot.pid : 0;
}

std::int32_t ProcessTable::group_of(ServiceId service, Generation generation) const {
  const Slot& slot = slots_[index(service)];
  return slot.generation == generation ? slot.pid : 0;
}

}  // namespace pid1::supervisor
