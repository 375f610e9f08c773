#pragma once

#include <cstdint>
#include <string>

namespace pid1::system {

// A set of signals as the kernel keeps it: bit n-1 stands for signal n, 1–64. glibc's sigset_t
// hides 32 and 33 from programs, but what was inherited is to be given back whole.
using SignalSet = std::uint64_t;

inline constexpr int last_signal = 64;
inline constexpr SignalSet all_signals = ~SignalSet{0};

constexpr SignalSet signal_bit(int signo) { return SignalSet{1} << (signo - 1); }
constexpr bool contains(SignalSet set, int signo) { return (set & signal_bit(signo)) != 0; }

// What a process passes on to the programs it starts: execve(2) keeps both.
struct SignalMask {
  SignalSet blocked = 0;
  SignalSet ignored = 0;
};

// SEGV, BUS, FPE, ILL, ABRT, TRAP, SYS: what a fault of our own raises.
SignalSet fault_signals();

// Blocks every signal but those of a fault, to be read from a SignalFd, and returns what was
// inherited: where the early block is linked in (early_block.h), what was blocked before that.
// SIGCHLD is set to its default before: ignored, children would vanish unreaped. SIGPIPE is blocked
// and not ignored, because execve keeps what is ignored.
SignalMask block_async_signals();
// The same with those of a fault, so that one which somebody sent can be passed on. A real fault
// kills all the same: the kernel overrides the block.
SignalMask block_all_signals();

enum class Disposition { standard, ignored, handled };

// The three below make one system call each, and may be called in a vforked child. `signo` is 1–64.
Disposition disposition(int signo);
void set_disposition(int signo, Disposition standard_or_ignored);
// Returns the set that was blocked before.
SignalSet set_blocked_signals(SignalSet blocked);
SignalSet blocked_signals();

// "SIGTERM", "SIGRTMIN+3", or "signal 32" for a number without a name.
std::string signal_name(int signo);

}  // namespace pid1::system
