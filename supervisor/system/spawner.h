#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "supervisor/system/candidates.h"
#include "supervisor/system/capabilities.h"
#include "supervisor/system/child.h"
#include "supervisor/system/signals.h"
#include "supervisor/system/system.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::system {

enum class SpawnMethod {
  clone,  // shares our memory until exec: nothing is copied, the exec's errno comes back by itself
  fork,   // copies, and reports through a pipe: for sandboxes that refuse clone's flags
};

// Memory for a child's stack, with a page below it that faults.
class ChildStack {
 public:
  ChildStack();
  ~ChildStack();
  ChildStack(const ChildStack&) = delete;
  ChildStack& operator=(const ChildStack&) = delete;

  // One past the highest byte, where a stack begins. nullptr: no memory.
  void* top() const;

 private:
  void* base_;
};

// Starts processes, as System::spawn() says. Dispositions, user, groups and capabilities of pid1
// itself are read once: install handlers before. Not thread-safe; allocates nothing in steady
// state.
//
// A process that is to be in a cgroup is forked into it by clone3(2): to move there by itself, it
// would wait for every processor of the machine to pass by, with us behind it (some milliseconds).
class Spawner {
 public:
  explicit Spawner(SignalMask inherited, SpawnMethod method = SpawnMethod::clone);

  SpawnResult spawn(const SpawnRequest& request);

  // The method in use: fork once clone's flags were refused.
  SpawnMethod method() const { return method_; }

 private:
  SpawnResult spawn_planned(ChildPlan& plan);
  ChildPlan plan_child(const SpawnRequest& request);
  void fill_script_arguments(const SpawnRequest& request);
  void plan_descriptors(const SpawnRequest& request, ChildDescriptors& plan) const;
  void plan_limits(const SpawnRequest& request, ChildRights& plan);
  void plan_identity(const Credentials& to, ChildRights& plan) const;
  void plan_privileges(const SpawnRequest& request, ChildRights& plan);
  bool keep_clear_of(int target);
  std::optional<SpawnResult> spawn_into_cgroup(ChildPlan& plan);
  void plan_table(ChildPlan& plan) const;
  SpawnResult spawn_sharing_memory(ChildPlan& plan);
  SpawnResult spawn_by_fork(ChildPlan& plan);
  SpawnResult fork_child(ChildPlan& plan, int cgroup);

  SignalSet to_default_ = 0;
  SignalSet to_ignore_ = 0;
  SignalSet inherited_blocked_ = 0;
  SpawnMethod method_;
  bool shares_table_ = true;         // of descriptors, with a child, until it has one of its own
  bool clones_into_cgroups_ = true;  // until the kernel or a sandbox refuses

  Credentials own_;
  bool is_dumpable_;
  UniqueFd null_;
  ChildStack stack_;
  Candidates candidates_;
  std::optional<CapabilityState> own_capabilities_;  // once they are needed

  // Reused from start to start.
  std::vector<const char*> script_argv_;
  std::vector<unsigned long> cpus_;
  std::array<char, 8> oom_score_adj_ = {};
};

}  // namespace pid1::system
