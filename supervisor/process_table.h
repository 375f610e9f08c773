#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "services/event.h"

namespace pid1::supervisor {

// Which process is which service's. Lookup both ways takes constant time and, once as many
// processes have run at a time as ever will, no memory.
class ProcessTable {
 public:
  struct Owner {
    ServiceId service{};
    Generation generation{};
  };

  explicit ProcessTable(std::size_t services);

  void add(std::int32_t pid, Owner owner);
  // The main process with this id was reaped: whose it was, or nullopt for an orphan's.
  std::optional<Owner> remove(std::int32_t pid);

  // `pid` is to be the main process of this incarnation once it is a child of ours. At most one at
  // a time; 0: none.
  void set_successor(ServiceId service, Generation generation, std::int32_t pid);
  std::int32_t successor_of(ServiceId service, Generation generation) const;
  // From now on it is. The one before, dead or alive, is nobody's; its group stays the service's.
  void succeed(ServiceId service, Generation generation);

  // The same while it lives.
  std::optional<Owner> owner_of(std::int32_t pid) const;

  // The service whose last main process began this group, whether it lives or not.
  std::optional<ServiceId> owner_of_group(std::int32_t group) const;

  // The living main process of this incarnation, or 0.
  std::int32_t process_of(ServiceId service, Generation generation) const;
  // The process group that it was started as, also after the main process ended; 0 if this
  // incarnation never was.
  std::int32_t group_of(ServiceId service, Generation generation) const;

 private:
  struct Slot {
    std::int32_t pid = 0;
    std::int32_t group = 0;
    std::int32_t successor = 0;
    Generation generation{};
    bool alive = false;
  };

  std::vector<Slot> slots_;
  boost::unordered_flat_map<std::int32_t, Owner> owners_;
  boost::unordered_flat_map<std::int32_t, ServiceId> groups_;
};

}  // namespace pid1::supervisor
