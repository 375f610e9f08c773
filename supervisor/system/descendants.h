#pragma once

#include <vector>

#include "supervisor/system/process_facts.h"

namespace pid1::system {

// All living processes that this one or its descendants started or adopted, in no order. Empty
// without a /proc, or with that of another PID namespace, whose numbers mean other processes here.
std::vector<ProcessId> find_descendants();

// Signals each descendant once, those included that are born meanwhile, as long as a few passes
// over /proc find them. Never a process that isn't one. False where find_descendants() can't look.
bool signal_descendants(int signo);

}  // namespace pid1::system
