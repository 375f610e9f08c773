#pragma once

#include <cstdint>
#include <string>

#include "supervisor/system/system.h"

namespace pid1::system {

// The capabilities of a process, as capabilities(7) has them.
struct CapabilityState {
  CapabilitySet permitted = 0;
  CapabilitySet effective = 0;
  CapabilitySet inheritable = 0;
  CapabilitySet bounding = 0;
  CapabilitySet ambient = 0;
  std::uint32_t securebits = 0;
  bool no_new_privileges = false;
};

CapabilityState own_capabilities();

// Whether a capability, CAP_… of <linux/capability.h>, is in this process's effective set.
bool has_capability(int capability);

// What a child does to its capabilities, around its change of user: only what differs from what it
// has. Trivial, since it is read in a child that shares memory.
struct CapabilityPlan {
  CapabilitySet unbound = 0;     // dropped from the bounding set, before the user changes
  bool keeps_permitted = false;  // across the change of user: PR_SET_KEEPCAPS
  bool sets = false;             // the three sets, after the change of user
  CapabilitySet permitted = 0;   // and effective
  CapabilitySet inheritable = 0;
  CapabilitySet raised = 0;  // into the ambient set, then
};

// Who a child is, and is to be.
struct UserChange {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

// Root's exec gives it its whole bounding set, whoever else's what is ambient. Without the right to
// change the bounding set, what is dropped is out of reach all the same once no_new_privs holds.
CapabilityPlan plan_capabilities(const CapabilityState& own, const Privileges& privileges,
                                 UserChange user);

// Of `add`, what pid1 can't give because it doesn't have it itself. ALL stands for what it has.
CapabilitySet lacking(const CapabilityState& own, CapabilitySet add);

// Whether `drop` can't be carried out: for want of CAP_SETPCAP.
bool cannot_drop(const CapabilityState& own, const Privileges& privileges);

// "NET_ADMIN", as Docker writes it; "capability 63" for a number without a name.
std::string capability_name(int capability);

// The names of a set, in the order of their numbers: "NET_ADMIN, SYS_TIME".
std::string capability_names(CapabilitySet set);

}  // namespace pid1::system
