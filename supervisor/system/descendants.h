#pragma once

#include <vector>

#include "supervisor/system/process_facts.h"

namespace pid1::system {

// Whether /proc is that of this PID namespace: the numbers of another mean other processes here.
bool is_own_proc_mounted();

// All living processes that this one or its descendants started or adopted, in no order. Empty
// without a /proc of our own.
std::vector<ProcessId> find_descendants();

}  // namespace pid1::system
