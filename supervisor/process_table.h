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

  // The same while it lives.
  std::optional<Owner> owner_of(std::int32_t pid) const;

  // The living main process of this incarnation, or 0.
  std::int32_t process_of(ServiceId service, Generation generation) const;
  // Its process group, also after the main process ended; 0 if this incarnation never was.
  std::int32_t group_of(ServiceId service, Generation generation) const;

 private:
  struct Slot {
    std::int32_t pid = 0;
    Generation generation{};
    bool alive = false;
  };

  std::vector<Slot> slots_;
  boost::unordered_flat_map<std::int32_t, Owner> owners_;
};

}  // namespace pid1::supervisor
