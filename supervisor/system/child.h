#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "supervisor/system/capabilities.h"
#include "supervisor/system/child_descriptors.h"
#include "supervisor/system/signals.h"
#include "supervisor/system/system.h"

namespace pid1::system {

// The rights and limits of a child, worked out: what is to be changed, and nothing else.
struct ChildRights {
  const char* oom_score_adj = nullptr;  // as text, of `oom_score_adj_length` bytes
  std::size_t oom_score_adj_length = 0;
  const ResourceLimit* limits = nullptr;
  std::size_t limit_count = 0;
  bool sets_nice = false;
  int nice = 0;
  const unsigned long* cpus = nullptr;  // a mask as sched_setaffinity(2) wants it
  std::size_t cpu_words = 0;

  bool sets_groups = false;
  bool sets_gid = false;
  bool sets_uid = false;
  const std::uint32_t* groups = nullptr;
  std::size_t group_count = 0;
  std::uint32_t gid = 0;
  std::uint32_t uid = 0;

  CapabilityPlan capabilities = {};
  bool no_new_privileges = false;
};

// All that a child does between its creation and its exec, worked out beforehand: it shares our
// memory (vfork(2)), so it may neither allocate nor destroy, and makes plain system calls only.
struct ChildPlan {
  const char* const* candidates = nullptr;  // paths to try; ends with a null pointer
  const char* const* argv = nullptr;
  const char* const* environment = nullptr;

  const char** script_argv = nullptr;  // for /bin/sh, [1] to be the script; nullptr: runs none
  char* const* pid_texts = nullptr;    // where its own pid is written to
  std::size_t pid_text_count = 0;

  Session session = Session::own;
  int terminal = -1;
  int cgroup = -1;  // a directory that it enters; -1: it is in the right one

  ChildDescriptors descriptors;
  int status = -1;  // where a failure is written to; -1: `failure` is shared memory

  ChildRights rights;

  const char* working_dir = nullptr;  // nullptr: stays
  bool sets_umask = false;
  std::uint32_t umask = 0;

  SignalSet to_default = 0;
  SignalSet to_ignore = 0;
  SignalSet blocked = 0;

  SpawnError failure = {SpawnStep::process, 0};  // out; error 0: none
};
static_assert(std::is_trivially_destructible_v<ChildPlan>);

// The child, all signals blocked; `child_plan` is a ChildPlan. Ends in exec, or records what failed
// and exits. The signature is that of clone(2)'s function; it never returns. docs/design.md says
// why its steps have the order they have.
[[noreturn]] int run_child(void* child_plan);

}  // namespace pid1::system
