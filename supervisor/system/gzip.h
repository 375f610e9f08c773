#pragma once

#include <cstddef>

namespace pid1::system {

// gzip(1) without an option: compresses what `from` holds (RFC 1952) into `to`, and makes sure that
// it is on the disk. Blocks, for as long as it takes: for a process of its own. 0 or errno.
int gzip(int from, int to);

// Makes this process one that runs when nobody else wants to: SCHED_IDLE, and the last in the queue
// for the disk (ioprio_set(2)). Where that is refused, the lowest of what is allowed.
void become_unimportant();

}  // namespace pid1::system
