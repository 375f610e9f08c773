#pragma once

#include <memory>

#include "supervisor/system/signals.h"
#include "supervisor/system/system.h"

namespace pid1::system {

// The kernel itself. `inherited` is what the children get back (block_async_signals()).
std::unique_ptr<System> linux_system(SignalMask inherited);

// Which orphans come to this process to be reaped.
enum class ReaperRole {
  init,       // PID 1: all of its namespace
  subreaper,  // those of its own descendants
  none,       // none: the kernel refused, error in errno
};

// PID 1 already, or PR_SET_CHILD_SUBREAPER (prctl(2)).
ReaperRole become_reaper();

}  // namespace pid1::system
