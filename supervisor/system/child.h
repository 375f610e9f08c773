#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "supervisor/system/signals.h"
#include "supervisor/system/system.h"

namespace pid1::system {

// All that a child does between its creation and its exec, worked out beforehand: it shares our
// memory (vfork(2)), so it may neither allocate nor destroy, and makes plain system calls only.
struct ChildPlan {
  const char* const* candidates = nullptr;  // paths to try; ends with a null pointer
  const char* const* argv = nullptr;
  const char* const* environment = nullptr;

  const char** script_argv = nullptr;  // for /bin/sh, [1] to be the script; nullptr: runs none
  char* pid_text = nullptr;            // where its own pid is written to

  Session session = Session::own;
  int terminal = -1;

  // What becomes 0–2: descriptors, 0–2 themselves among them in any order, or closed_descriptor.
  int sources[3] = {0, 1, 2};
  int spare = -1;  // closed on exec, above 2: its number is free for juggling
  bool keeps_descriptors = false;
  int status = -1;  // where a failure is written to; -1: `failure` is shared memory

  bool sets_groups = false;
  bool sets_gid = false;
  bool sets_uid = false;
  const std::uint32_t* groups = nullptr;
  std::size_t group_count = 0;
  std::uint32_t gid = 0;
  std::uint32_t uid = 0;

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
// and exits. The signature is that of clone(2)'s function; it never returns.
[[noreturn]] int run_child(void* child_plan);

}  // namespace pid1::system
