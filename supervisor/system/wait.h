#pragma once

#include <variant>

#include "supervisor/system/system.h"

namespace pid1::system {

// Reaps one ended child, ours or adopted, without blocking (waitid(2) P_ALL). There is one reaper
// only: whoever else waits takes an end away from a service.
std::variant<Reaped, ReapEnd> reap();

// The child that reap() would reap, as long as no other one ends; 0: none has ended.
std::int32_t next_ended();

// Whether there is a child at all, ours or adopted, living or dead.
bool has_children();

// Whether `pid` is a child, ours or adopted, living or dead.
bool is_child(std::int32_t pid);

// Reaps the child `pid`, which is about to end; blocks until it has.
void await_end(std::int32_t pid);

// The signal that stopped the child `pid` since the last call, or 0; leaves its end to reap().
int stop_signal_of(std::int32_t pid);

}  // namespace pid1::system
