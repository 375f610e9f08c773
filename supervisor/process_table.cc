#include "supervisor/process_table.h"

namespace pid1::supervisor {

ProcessTable::ProcessTable(std::size_t services) : slots_(services) {
  owners_.reserve(services);
  groups_.reserve(services);
}

void ProcessTable::add(std::int32_t pid, Owner owner) {
  Slot& slot = slots_[index(owner.service)];
  const auto before = groups_.find(slot.group);
  if (before != groups_.end() && before->second == owner.service) groups_.erase(before);
  slot = {pid, pid, 0, owner.generation, true};
  groups_.insert_or_assign(pid, owner.service);
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

std::optional<ServiceId> ProcessTable::owner_of_group(std::int32_t group) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return std::nullopt;
  return found->second;
}

std::int32_t ProcessTable::process_of(ServiceId service, Generation generation) const {
  const Slot& slot = slots_[index(service)];
  return slot.alive && slot.generation == generation ? slot.pid : 0;
}

std::int32_t ProcessTable::group_of(ServiceId service, Generation generation) const {
  const Slot& slot = slots_[index(service)];
  return slot.generation == generation ? slot.group : 0;
}

void ProcessTable::set_successor(ServiceId service, Generation generation, std::int32_t pid) {
  Slot& slot = slots_[index(service)];
  if (slot.alive && slot.generation == generation) slot.successor = pid;
}

std::int32_t ProcessTable::successor_of(ServiceId service, Generation generation) const {
  const Slot& slot = slots_[index(service)];
  return slot.generation == generation ? slot.successor : 0;
}

void ProcessTable::succeed(ServiceId service, Generation generation) {
  Slot& slot = slots_[index(service)];
  if (slot.generation != generation || slot.successor == 0) return;
  owners_.erase(slot.pid);
  slot.pid = slot.successor;
  slot.successor = 0;
  slot.alive = true;
  owners_.insert_or_assign(slot.pid, Owner{service, generation});
}

}  // namespace pid1::supervisor
