#include "services/spec.h"

namespace pid1 {

namespace {
// The kernel's numbers for x86 and ARM, signal(7). SIGRTMIN is 34 as libc counts: glibc keeps 32
// and 33 for itself.
constexpr int kInt = 2;
constexpr int kQuit = 3;
constexpr int kTerm = 15;
constexpr int kChild = 17;
constexpr int kPower = 30;
constexpr int kRealTimeMin = 34;
}  // namespace

SignalRules default_signal_rules() {
  SignalRules rules;
  for (const int signo : {kInt, kQuit, kTerm, kPower, kRealTimeMin + 3}) {
    rules[static_cast<std::size_t>(signo)].kind = SignalRule::Kind::shutdown;
  }
  rules[kChild].kind = SignalRule::Kind::ignore;
  return rules;
}

}  // namespace pid1
