#include "supervisor/job_control.h"

#include <utility>

namespace pid1::supervisor {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigCont = 18;
constexpr int kSigTstp = 20;
constexpr int kSigTtin = 21;
constexpr int kSigTtou = 22;

// A program that catches what was passed on may stop a little later, or never: a stop that comes
// after that is another one.
constexpr auto kTimeToStop = std::chrono::seconds(1);

bool is_job_stop(int signo) { return signo == kSigTstp || signo == kSigTtin || signo == kSigTtou; }

}  // namespace

JobControl::JobControl(system::System& system, const system::Terminal& terminal,
                       Suspension suspension, Clock clock)
    : system_(system), terminal_(terminal), suspension_(suspension), clock_(clock) {}

void JobControl::started(std::int32_t pid) { group_ = pid; }

void JobControl::child_changed(std::int32_t pid) {
  const int signo = system_.stop_signal_of(pid);
  if (!is_job_stop(signo)) return;
  const std::optional<PassedOn> cause = take_passed_on();
  // It wanted the terminal, and nobody else has it: a shell put us into the foreground.
  if (signo != kSigTstp && terminal_.may_give() && terminal_.is_free()) return resume(pid);
  // What came to us has reached the others of our group by itself, or wasn't meant for them.
  const bool is_ours_to_spread = terminal_.exists() && !cause;
  const auto scope = is_ours_to_spread ? system::StopScope::group : system::StopScope::process;
  if (system_.suspend(signo, scope)) return resume(pid);
  const bool was_sent = cause && !cause->from_terminal;
  // One that wants a terminal which somebody else has would only stop again.
  if (signo == kSigTstp && !was_sent) resume(pid);
}

void JobControl::received(const system::ReceivedSignal& signal, std::int32_t pid) {
  if (signal.signo == kSigCont) passed_on_.reset();
  if (!is_job_stop(signal.signo)) return;
  switch (suspension_) {
    case Suspension::with_program:
      passed_on_ = {.at = clock_(), .from_terminal = signal.from_kernel};
      return;
    case Suspension::on_any_signal:
      if (pid != 0) stop_like_dumb_init(signal, pid);
      return;
  }
}

void JobControl::end() {
  if (group_ != 0) terminal_.take_back_from(group_);
}

std::optional<JobControl::PassedOn> JobControl::take_passed_on() {
  const auto passed_on = std::exchange(passed_on_, std::nullopt);
  if (!passed_on || clock_() - passed_on->at > kTimeToStop) return std::nullopt;
  return passed_on;
}

// The program has been stopped by SIGSTOP. A key's stop is a job's, which whoever is above has to
// see as one; where nobody is, it would be for ever.
void JobControl::stop_like_dumb_init(const system::ReceivedSignal& signal, std::int32_t pid) {
  if (!signal.from_kernel) return system_.stop_self();
  system_.suspend(signal.signo, system::StopScope::process);
  resume(pid);
}

void JobControl::resume(std::int32_t pid) {
  if (terminal_.may_give() && terminal_.is_free()) terminal_.give_to(pid);
  system_.signal_group(pid, kSigCont);
}

}  // namespace pid1::supervisor
