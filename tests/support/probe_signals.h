#pragma once

#include <sys/types.h>

namespace pid1::testing {

// Signals of this process by their numbers 1–64, with those that libc keeps to itself (nptl(7)).

// Blocks them all, so that each that comes is kept for await_signal().
void block_signals();

// Lets one do what it does by default.
void unblock_signal(int signo);

// The next one of those that are blocked. 0 where the wait was interrupted.
struct Received {
  int signo;
  pid_t sender;
};
Received await_signal();

// Ends this process by the signal, without a core.
[[noreturn]] void die_by(int signo);

}  // namespace pid1::testing
