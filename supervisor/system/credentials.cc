#include "supervisor/system/credentials.h"

#include <grp.h>
#include <unistd.h>

#include <algorithm>

namespace pid1::system {
namespace {

std::uint32_t own_id(int (*get)(uid_t*, uid_t*, uid_t*)) {
  constexpr std::uint32_t mixed = ~0U;  // (uid_t)-1 means "unchanged" to the kernel
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  get(&real, &effective, &saved);
  return real == effective && effective == saved ? real : mixed;
}

std::vector<std::uint32_t> own_groups() {
  std::vector<std::uint32_t> groups;
  const int count = ::getgroups(0, nullptr);
  if (count > 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgroups(count, groups.data()) < 0) groups.clear();
  }
  return groups;
}

// Membership in the main group itself gives nothing, listed or not.
bool adds_nothing(const std::vector<std::uint32_t>& groups, std::uint32_t gid,
                  const std::vector<std::uint32_t>& there) {
  return std::ranges::all_of(groups, [&](std::uint32_t group) {
    return group == gid || std::ranges::find(there, group) != there.end();
  });
}

}  // namespace

Credentials own_credentials() {
  return {.uid = own_id(::getresuid), .gid = own_id(::getresgid), .groups = own_groups()};
}

IdentityChange identity_change(const Credentials& from, const Credentials& to) {
  return {.groups = !adds_nothing(to.groups, to.gid, from.groups) ||
                    !adds_nothing(from.groups, to.gid, to.groups),
          .gid = to.gid != from.gid,
          .uid = to.uid != from.uid};
}

}  // namespace pid1::system
