#include "services/signal_names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pid1 {

namespace {

constexpr int kRealTimeMin = 34;
constexpr int kRealTimeMax = kMaxSignal;

struct Name {
  std::string_view text;
  int signo;
};

// In the order of the numbers; what stands after 31 are second names.
constexpr std::array kNames = {
    Name{"HUP", 1},     Name{"INT", 2},   Name{"QUIT", 3},   Name{"ILL", 4},   Name{"TRAP", 5},
    Name{"ABRT", 6},    Name{"BUS", 7},   Name{"FPE", 8},    Name{"KILL", 9},  Name{"USR1", 10},
    Name{"SEGV", 11},   Name{"USR2", 12}, Name{"PIPE", 13},  Name{"ALRM", 14}, Name{"TERM", 15},
    Name{"STKFLT", 16}, Name{"CHLD", 17}, Name{"CONT", 18},  Name{"STOP", 19}, Name{"TSTP", 20},
    Name{"TTIN", 21},   Name{"TTOU", 22}, Name{"URG", 23},   Name{"XCPU", 24}, Name{"XFSZ", 25},
    Name{"VTALRM", 26}, Name{"PROF", 27}, Name{"WINCH", 28}, Name{"IO", 29},   Name{"PWR", 30},
    Name{"SYS", 31},    Name{"IOT", 6},   Name{"CLD", 17},   Name{"POLL", 29},
};

// A decimal number without sign, blanks or leading zeros, of at most three digits.
std::optional<int> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text[0] == '0' && text.size() > 1)) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<int> in_range(int signo, int min) {
  if (signo < min || signo > kMaxSignal) return std::nullopt;
  return signo;
}

std::optional<int> parse_real_time(std::string_view name) {
  const bool from_min = name.starts_with("RTMIN");
  if (!from_min && !name.starts_with("RTMAX")) return std::nullopt;
  const std::string_view rest = name.substr(5);
  if (rest.empty()) return from_min ? kRealTimeMin : kRealTimeMax;
  if (rest[0] != (from_min ? '+' : '-')) return std::nullopt;
  const std::optional<int> offset = parse_number(rest.substr(1));
  if (!offset) return std::nullopt;
  return in_range(from_min ? kRealTimeMin + *offset : kRealTimeMax - *offset, kRealTimeMin);
}

}  // namespace

std::optional<int> parse_signal(std::string_view text) {
  if (const std::optional<int> number = parse_number(text)) return in_range(*number, 1);
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  std::string_view name = upper;
  if (name.starts_with("SIG")) name.remove_prefix(3);
  const auto found = std::ranges::find(kNames, name, &Name::text);
  if (found != kNames.end()) return found->signo;
  return parse_real_time(name);
}

std::string signal_name(int signo) {
  if (signo >= kRealTimeMin && signo <= kRealTimeMax) {
    const int offset = signo - kRealTimeMin;
    return offset == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(offset);
  }
  const auto found = std::ranges::find(kNames, signo, &Name::signo);
  if (found == kNames.end()) return std::to_string(signo);
  return "SIG" + std::string(found->text);
}

}  // namespace pid1
