#include "services/spec.h"

namespace pid1 {

namespace {
// signal(7): the kernel's numbers for x86 and ARM. SIGRTMIN is 34 as libc counts, which keeps 32
// and 33 for itself.
constexpr int kHangup = 1;
constexpr int kInterrupt = 2;
constexpr int kQuit = 3;
constexpr int kUser1 = 10;
constexpr int kUser2 = 12;
constexpr int kAlarm = 14;
constexpr int kTerminate = 15;
constexpr int kPower = 30;
constexpr int kRealTimeMin = 34;
constexpr int kLast = 64;
}  // namespace

std::string_view name_of(HookPoint point) {
  switch (point) {
    case HookPoint::pre_start: return "pre_start";
    case HookPoint::post_start: return "post_start";
    case HookPoint::pre_stop: return "pre_stop";
    case HookPoint::post_stop: return "post_stop";
  }
  return "";
}

const std::vector<ProcessSpec>& Hooks::at(HookPoint point) const {
  switch (point) {
    case HookPoint::pre_start: return pre_start;
    case HookPoint::post_start: return post_start;
    case HookPoint::pre_stop: return pre_stop;
    case HookPoint::post_stop: return post_stop;
  }
  return pre_start;
}

SignalRules default_signal_rules() {
  SignalRules rules;
  const auto set = [&rules](int signo, SignalRule::Kind kind) {
    rules[static_cast<std::size_t>(signo)].kind = kind;
  };
  for (const int signo : {kHangup, kUser1, kUser2, kAlarm}) {
    set(signo, SignalRule::Kind::forward);
  }
  for (int signo = kRealTimeMin; signo <= kLast; ++signo) set(signo, SignalRule::Kind::forward);
  for (int signo = 1; signo <= kLast; ++signo) {
    if (asks_for_end(signo)) set(signo, SignalRule::Kind::shutdown);
  }
  return rules;
}

bool asks_for_end(int signo) {
  return signo == kInterrupt || signo == kQuit || signo == kTerminate || signo == kPower ||
         signo == kRealTimeMin + 3;
}

}  // namespace pid1
