#include "supervisor/job_control.h"

namespace pid1::supervisor {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigCont = 18;
constexpr int kSigTstp = 20;
constexpr int kSigTtin = 21;
constexpr int kSigTtou = 22;

bool is_job_stop(int signo) { return signo == kSigTstp || signo == kSigTtin || signo == kSigTtou; }

}  // namespace

JobControl::JobControl(system::System& system, const system::Terminal& terminal,
                       Suspension suspension)
    : system_(system), terminal_(terminal), suspension_(suspension) {}

void JobControl::started(std::int32_t pid) { group_ = pid; }

void JobControl::child_changed(std::int32_t pid) {
  const int signo = system_.stop_signal_of(pid);
  if (!is_job_stop(signo)) return;
  const bool was_sent = stop_was_sent_;
  stop_was_sent_ = false;
  // It wanted the terminal, and nobody else has it: a shell put us into the foreground.
  if (signo != kSigTstp && terminal_.may_give() && terminal_.is_free()) return resume(pid);
  if (!system::in_orphaned_group()) return suspend_with(pid);
  // With somebody else in the foreground it would only stop again.
  if (signo == kSigTstp && !was_sent) resume(pid);
}

void JobControl::received(const system::ReceivedSignal& signal, std::int32_t pid) {
  if (signal.signo == kSigCont) stop_was_sent_ = false;
  if (!is_job_stop(signal.signo)) return;
  stop_was_sent_ = true;
  if (suspension_ == Suspension::on_any_signal && pid != 0) system_.stop_self();
}

void JobControl::end() {
  if (group_ != 0) terminal_.take_back_from(group_);
}

void JobControl::resume(std::int32_t pid) {
  if (terminal_.may_give() && terminal_.is_free()) terminal_.give_to(pid);
  system_.signal_group(pid, kSigCont);
}

void JobControl::suspend_with(std::int32_t pid) {
  system_.stop_self();
  resume(pid);
}

}  // namespace pid1::supervisor
