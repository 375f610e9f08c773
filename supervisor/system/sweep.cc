#include "supervisor/system/sweep.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <vector>

#include "supervisor/system/children.h"
#include "supervisor/system/descendants.h"

namespace pid1::system {
namespace {

using Numbers = std::vector<std::int32_t>;

// Whether it wasn't there.
template <typename Value>
bool insert(std::vector<Value>& sorted, const Value& value) {
  const auto place = std::ranges::lower_bound(sorted, value);
  if (place != sorted.end() && *place == value) return false;
  sorted.insert(place, value);
  return true;
}

// One signal to all, to each once. What has got it as our child keeps its number, for nobody reaps
// during a sweep.
class Sweep {
 public:
  explicit Sweep(int signo) : signo_(signo) {}

  // Whether anybody got it.
  bool pass() {
    const bool met_children = signal_children();
    return signal_others() || met_children;
  }

  void signal_what_is_known(std::int32_t group) {
    constexpr int most_passes = 4;
    for (int pass = 0; pass < most_passes && signal_known(group); ++pass) {
    }
  }

 private:
  // Again and again only for those who can't but die of it: who is deaf to it may have children as
  // fast as they are met.
  bool signal_children() {
    const int most_rounds = signo_ == SIGKILL ? 64 : 1;
    int round = 0;
    while (round < most_rounds && signal_new(list_children().value_or(Numbers()))) ++round;
    return round > 0;
  }

  bool signal_others() {
    bool any = false;
    for (const ProcessId& id : find_descendants()) {
      if (std::ranges::binary_search(children_, id.pid) || !insert(others_, id)) continue;
      signal_exactly(id, signo_);
      any = true;
    }
    return any;
  }

  bool signal_known(std::int32_t group) {
    const Numbers children = find_children_by_number();
    const auto in_group = [group](std::int32_t child) { return ::getpgid(child) == group; };
    const bool is_populated = group > 1 && std::ranges::any_of(children, in_group);
    if (is_populated && !group_signaled_) {
      group_signaled_ = true;
      ::kill(-group, signo_);
      for (const std::int32_t child : children) {
        if (in_group(child)) insert(children_, child);
      }
    }
    return signal_new(children);
  }

  bool signal_new(const Numbers& children) {
    bool any = false;
    for (const std::int32_t child : children) {
      // An orphan has got it already where it was somebody else's child.
      if (!insert(children_, child) || is_among_others(child)) continue;
      ::kill(child, signo_);
      any = true;
    }
    return any;
  }

  bool is_among_others(std::int32_t pid) const {
    const auto place = std::ranges::lower_bound(others_, pid, {}, &ProcessId::pid);
    return place != others_.end() && place->pid == pid;
  }

  int signo_;
  bool group_signaled_ = false;
  Numbers children_;
  std::vector<ProcessId> others_;
};

}  // namespace

bool signal_descendants(int signo, std::int32_t group) {
  Sweep sweep(signo);
  if (!is_own_proc_mounted()) {
    sweep.signal_what_is_known(group);
    return false;
  }
  // The longer it takes, the more dead children of one that forks without end are in the way.
  constexpr auto most_time = std::chrono::milliseconds(100);
  const auto end = std::chrono::steady_clock::now() + most_time;
  while (sweep.pass() && std::chrono::steady_clock::now() < end) {
  }
  return true;
}

}  // namespace pid1::system
