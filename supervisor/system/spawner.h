#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "supervisor/system/candidates.h"
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

// Starts processes, as System::spawn() says. Dispositions, user and groups of pid1 itself are read
// once, when it is made: install handlers before. Not thread-safe; allocates nothing in steady
// state.
class Spawner {
 public:
  explicit Spawner(SignalMask inherited, SpawnMethod method = SpawnMethod::clone);

  SpawnResult spawn(const SpawnRequest& request);

  // The method in use: fork once clone's flags were refused.
  SpawnMethod method() const { return method_; }

 private:
  ChildPlan plan_child(const SpawnRequest& request);
  void fill_script_arguments(const SpawnRequest& request);
  void plan_identity(const Credentials& to, ChildPlan& plan) const;
  SpawnResult spawn_sharing_memory(ChildPlan& plan);
  SpawnResult spawn_by_fork(ChildPlan& plan);

  SignalSet to_default_ = 0;
  SignalSet to_ignore_ = 0;
  SignalSet inherited_blocked_ = 0;
  SpawnMethod method_;

  Credentials own_;
  bool is_dumpable_;
  UniqueFd null_;
  ChildStack stack_;
  Candidates candidates_;
  std::vector<const char*> script_argv_;  // reused
};

}  // namespace pid1::system
