#include "supervisor/system/child_descriptors.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervisor/system/system.h"

namespace pid1::system {
namespace {

constexpr int count = 4;

using Pending = bool[count];

bool is_source_of_another(const ChildDescriptors& plan, const Pending& pending, int index) {
  for (int other = 0; other < count; ++other) {
    if (other != index && pending[other] && plan.sources[other] == plan.targets[index]) return true;
  }
  return false;
}

// Moves one source out of the way of a cycle such as 1 → 2, 2 → 1. Every source left is a target
// then, so nobody needs the spare descriptor any more, and taking its number can't fail with
// EMFILE.
bool break_cycle(ChildDescriptors& plan, const Pending& pending) {
  for (int index = 0; index < count; ++index) {
    if (!pending[index]) continue;
    const int target = plan.targets[index];
    const int above = plan.targets[count - 1] > 2 ? plan.targets[count - 1] + 1 : 3;
    const int moved = plan.spare >= 0 ? ::dup3(target, plan.spare, O_CLOEXEC)
                                      : ::fcntl(target, F_DUPFD_CLOEXEC, above);
    if (moved < 0) return false;
    for (int& source : plan.sources) {
      if (source == target) source = moved;
    }
    return true;
  }
  return true;
}

// A target is only overwritten once nobody waits for what it holds.
bool move_all(ChildDescriptors& plan) {
  Pending pending = {};
  int left = 0;
  for (int index = 0; index < count; ++index) {
    const int source = plan.sources[index];
    const int target = plan.targets[index];
    if (target < 0) continue;
    pending[index] = source != target && source != closed_descriptor;
    if (pending[index]) ++left;
    if (source == target && ::fcntl(target, F_SETFD, 0) != 0) return false;
  }
  while (left > 0) {
    const int before = left;
    for (int index = 0; index < count; ++index) {
      if (!pending[index] || is_source_of_another(plan, pending, index)) continue;
      if (::dup2(plan.sources[index], plan.targets[index]) < 0) return false;
      pending[index] = false;
      --left;
    }
    if (left == before && !break_cycle(plan, pending)) return false;
  }
  return true;
}

// Against descriptors of ours that lack O_CLOEXEC; a kernel before 5.11 can't, and has to trust.
void close_on_exec(unsigned first, unsigned last) {
  if (first <= last) ::syscall(SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC);
}

void close_others(const ChildDescriptors& plan) {
  const int passed = plan.targets[count - 1];
  if (passed < 0) return close_on_exec(3, ~0U);
  close_on_exec(3, static_cast<unsigned>(passed) - 1);
  close_on_exec(static_cast<unsigned>(passed) + 1, ~0U);
}

}  // namespace

bool leave_shared_table(ChildDescriptors& plan) {
  if (plan.shared_from < 0) return true;
  const auto first = static_cast<unsigned>(plan.shared_from);
  if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_UNSHARE) != 0) return false;
  plan.shared_from = -1;
  return true;
}

bool set_up_descriptors(ChildDescriptors& plan) {
  if (!move_all(plan)) return false;
  for (int target = 0; target <= 2; ++target) {
    if (plan.sources[target] == closed_descriptor) ::close(target);
  }
  if (!plan.keeps_others) close_others(plan);
  return true;
}

}  // namespace pid1::system
