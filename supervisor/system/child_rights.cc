#include "supervisor/system/child_rights.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace pid1::system {
namespace {

constexpr SpawnError none = {SpawnStep::process, 0};

// Where the mask of the processors is read back to: the most that a kernel can be built for.
constexpr std::size_t most_cpu_words = 8192 / (8 * sizeof(unsigned long));

bool write_oom_score_adj(const ChildRights& rights) {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_written = ::write(file, rights.oom_score_adj, rights.oom_score_adj_length) >= 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return is_written;
}

// The kernel takes what it can of the mask in silence; the rest would be missed.
bool set_cpus(const ChildRights& rights) {
  const std::size_t size = rights.cpu_words * sizeof(unsigned long);
  if (::syscall(SYS_sched_setaffinity, 0, size, rights.cpus) != 0) return false;
  unsigned long got[most_cpu_words] = {};
  if (::syscall(SYS_sched_getaffinity, 0, sizeof got, got) < 0) return false;
  for (std::size_t word = 0; word < rights.cpu_words; ++word) {
    if ((rights.cpus[word] & ~got[word]) == 0) continue;
    errno = EINVAL;
    return false;
  }
  return true;
}

SpawnError unbind(CapabilitySet unbound) {
  for (int capability = 0; unbound != 0; ++capability, unbound >>= 1) {
    if ((unbound & 1) == 0) continue;
    if (::syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    return {SpawnStep::bounding_set, errno, capability};
  }
  return none;
}

SpawnError set_capabilities(const CapabilityPlan& plan) {
  const auto low = [](CapabilitySet set) { return static_cast<std::uint32_t>(set); };
  const auto high = [](CapabilitySet set) { return static_cast<std::uint32_t>(set >> 32); };
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
      {low(plan.permitted), low(plan.permitted), low(plan.inheritable)},
      {high(plan.permitted), high(plan.permitted), high(plan.inheritable)}};
  if (::syscall(SYS_capset, &header, data) != 0) return {SpawnStep::capabilities, errno, -1};
  CapabilitySet raised = plan.raised;
  for (int capability = 0; raised != 0; ++capability, raised >>= 1) {
    if ((raised & 1) == 0) continue;
    if (::syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) == 0) continue;
    return {SpawnStep::capabilities, errno, capability};
  }
  return none;
}

}  // namespace

SpawnError take_limits(const ChildRights& rights) {
  // Before the limit on descriptors, and while /proc/self belongs to us.
  if (rights.oom_score_adj != nullptr && !write_oom_score_adj(rights)) {
    return {SpawnStep::oom_score_adj, errno};
  }
  for (std::size_t i = 0; i < rights.limit_count; ++i) {
    const ResourceLimit& limit = rights.limits[i];
    const struct rlimit64 wanted = {limit.soft, limit.hard};
    if (::syscall(SYS_prlimit64, 0, limit.resource, &wanted, nullptr) != 0) {
      return {SpawnStep::limit, errno, limit.resource};
    }
  }
  // After RLIMIT_NICE, which may allow it.
  if (rights.sets_nice && ::syscall(SYS_setpriority, PRIO_PROCESS, 0, rights.nice) != 0) {
    return {SpawnStep::nice, errno};
  }
  if (rights.cpus != nullptr && !set_cpus(rights)) return {SpawnStep::cpus, errno};
  return none;
}

// Raw calls: glibc's take locks and want every thread of the process to follow.
SpawnError change_identity(const ChildRights& rights) {
  const CapabilityPlan& capabilities = rights.capabilities;
  if (const SpawnError error = unbind(capabilities.unbound); error.error != 0) return error;
  if (capabilities.keeps_permitted && ::syscall(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) {
    return {SpawnStep::capabilities, errno, -1};
  }
  if (rights.sets_groups && ::syscall(SYS_setgroups, rights.group_count, rights.groups) != 0) {
    return {SpawnStep::groups, errno};
  }
  if (rights.sets_gid && ::syscall(SYS_setresgid, rights.gid, rights.gid, rights.gid) != 0) {
    return {SpawnStep::gid, errno};
  }
  if (rights.sets_uid && ::syscall(SYS_setresuid, rights.uid, rights.uid, rights.uid) != 0) {
    return {SpawnStep::uid, errno};
  }
  if (capabilities.sets) {
    if (const SpawnError error = set_capabilities(capabilities); error.error != 0) return error;
  }
  if (rights.no_new_privileges && ::syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return {SpawnStep::no_new_privileges, errno};
  }
  return none;
}

}  // namespace pid1::system
