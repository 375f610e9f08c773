#pragma once

#include <cstdint>

namespace pid1::system {

// Signals each descendant once, and those that are born meanwhile as long as passes over /proc find
// some, for 100 ms at the most; children first, so that one which forks and ends faster than a pass
// takes is met as well. Never a process that isn't a descendant. Nobody may reap meanwhile.
//
// False without a /proc of this PID namespace. Then it signals what can be known: the children, and
// the process group `group`, or none with 0, as long as one of them is a member.
bool signal_descendants(int signo, std::int32_t group = 0);

}  // namespace pid1::system
