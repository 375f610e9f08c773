#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pid1 {

inline constexpr int kMaxSignal = 64;

// The number, 1–64, of a signal written as people and Docker write it: a name with or without SIG
// in any case, RTMIN, RTMIN+n, RTMAX, RTMAX-n, or the number itself. nullopt for anything else.
// Numbers are those of signal(7) for x86 and ARM; RTMIN is 34, as glibc and musl users see it in
// `kill -l`.
std::optional<int> parse_signal(std::string_view text);

// "SIGTERM", "SIGRTMIN+3"; the number itself for 32, 33 and what is no signal.
std::string signal_name(int signo);

}  // namespace pid1
