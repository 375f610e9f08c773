#include "supervisor/system/capabilities.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace pid1::system {
namespace {

constexpr int bits = 64;

constexpr CapabilitySet bit(int capability) { return CapabilitySet{1} << capability; }

// The highest bit is no kernel's: ALL, maybe less some.
constexpr bool means_all(CapabilitySet set) { return (set & bit(bits - 1)) != 0; }

constexpr std::array<std::string_view, 41> names = {
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
};
static_assert(names.size() > CAP_CHECKPOINT_RESTORE);

// Refused for a number that the kernel doesn't know.
CapabilitySet set_of_prctl(int operation, unsigned long suboperation) {
  CapabilitySet set = 0;
  for (int capability = 0; capability < bits; ++capability) {
    const auto number = static_cast<unsigned long>(capability);
    const int is_in = operation == PR_CAPBSET_READ ? ::prctl(operation, number)
                                                   : ::prctl(operation, suboperation, number, 0, 0);
    if (is_in < 0) break;
    if (is_in == 1) set |= bit(capability);
  }
  return set;
}

CapabilitySet joined(std::uint32_t low, std::uint32_t high) {
  return CapabilitySet{high} << 32 | low;
}

// What is added and can be, and what goes for good.
struct Wish {
  CapabilitySet added;
  CapabilitySet gone;
};

Wish wish_of(const CapabilityState& own, const Privileges& privileges) {
  const CapabilitySet added = means_all(privileges.add)
                                  ? own.permitted & own.bounding & privileges.add & ~privileges.drop
                                  : privileges.add;
  return {.added = added, .gone = privileges.drop & ~added};
}

bool may_unbind(const CapabilityState& own) { return (own.effective & bit(CAP_SETPCAP)) != 0; }

}  // namespace

CapabilityState own_capabilities() {
  CapabilityState own;
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capget, &header, data) == 0) {
    own.permitted = joined(data[0].permitted, data[1].permitted);
    own.effective = joined(data[0].effective, data[1].effective);
    own.inheritable = joined(data[0].inheritable, data[1].inheritable);
  }
  own.bounding = set_of_prctl(PR_CAPBSET_READ, 0);
  own.ambient = set_of_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET);
  const int securebits = ::prctl(PR_GET_SECUREBITS);
  if (securebits > 0) own.securebits = static_cast<std::uint32_t>(securebits);
  own.no_new_privileges = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
  return own;
}

bool has_capability(int capability) {
  return (own_capabilities().effective & bit(capability)) != 0;
}

CapabilityPlan plan_capabilities(const CapabilityState& own, const Privileges& privileges,
                                 UserChange user) {
  CapabilityPlan plan;
  if (privileges.add == 0 && privileges.drop == 0) return plan;
  const auto [added, gone] = wish_of(own, privileges);
  plan.unbound =
      may_unbind(own) || !(privileges.no_new || own.no_new_privileges) ? own.bounding & gone : 0;
  plan.inheritable = own.inheritable & ~gone;
  plan.permitted = own.permitted & ~gone;
  const bool is_root = user.to == 0 && (own.securebits & SECBIT_NOROOT) == 0;
  if (!is_root) {
    const bool stays = user.from == user.to;
    const CapabilitySet kept = stays ? own.ambient & ~gone : 0;
    plan.permitted = kept | added;
    plan.inheritable |= plan.permitted;
    plan.raised = plan.permitted & ~kept;
    plan.keeps_permitted = user.from == 0 && !stays && added != 0;
  }
  plan.sets = plan.permitted != own.permitted || plan.inheritable != own.inheritable;
  return plan;
}

CapabilitySet lacking(const CapabilityState& own, CapabilitySet add) {
  return means_all(add) ? 0 : add & ~(own.permitted & own.bounding);
}

bool cannot_drop(const CapabilityState& own, const Privileges& privileges) {
  return !may_unbind(own) && plan_capabilities(own, privileges, {}).unbound != 0;
}

std::string capability_name(int capability) {
  const auto index = static_cast<std::size_t>(capability);
  return index < names.size() ? std::string(names[index])
                              : "capability " + std::to_string(capability);
}

std::string capability_names(CapabilitySet set) {
  std::string list;
  for (int capability = 0; capability < bits; ++capability) {
    if ((set & bit(capability)) == 0) continue;
    if (!list.empty()) list += ", ";
    list += capability_name(capability);
  }
  return list;
}

}  // namespace pid1::system
