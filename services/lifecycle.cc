#include "services/lifecycle.h"

#include <algorithm>

#include "services/shutdown.h"

namespace pid1 {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::stopped: return "stopped";
    case Phase::waiting: return "waiting";
    case Phase::preparing: return "preparing";
    case Phase::spawning: return "spawning";
    case Phase::running: return "running";
    case Phase::cancelling: return "cancelling";
    case Phase::quiescing: return "quiescing";
    case Phase::stopping: return "stopping";
    case Phase::killing: return "killing";
    case Phase::draining: return "draining";
    case Phase::cleaning: return "cleaning";
    case Phase::backoff: return "backoff";
    case Phase::exited: return "exited";
    case Phase::failed: return "failed";
  }
  return "";
}

Lifecycle::Lifecycle(ServiceId id, const ServiceSpec& spec, std::uint64_t seed)
    : id_(id), spec_(&spec), seed_(seed) {}

bool Lifecycle::has_process() const {
  switch (phase_) {
    case Phase::preparing:
    case Phase::spawning:
    case Phase::running:
    case Phase::cancelling:
    case Phase::quiescing:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::cleaning: return true;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed: return false;
  }
  return false;
}

bool Lifecycle::settled() const {
  return phase_ == Phase::stopped || phase_ == Phase::exited || phase_ == Phase::failed;
}

bool Lifecycle::signalable() const {
  return phase_ == Phase::running || phase_ == Phase::stopping ||
         (phase_ == Phase::quiescing && !main_ended_);
}

bool Lifecycle::succeeded(const ExitStatus& status) const {
  const int code = exit_code(status);
  return code == 0 ||
         std::ranges::find(spec_->success_exit_codes, code) != spec_->success_exit_codes.end();
}

void Lifecycle::request() {
  phase_ = Phase::waiting;
  launched_ = false;
  resource_tries_ = 0;
  failed_dependency_.reset();
  history_.clear();
}

void Lifecycle::drop(Moment at, Commands& out) {
  disarm(out);
  if (prepared_ && clean_up(at, out) == Outcome::nothing) return;
  phase_ = Phase::stopped;
}

void Lifecycle::fail_with(ServiceId dependency, const std::optional<ExitStatus>& its_status,
                          Commands& out) {
  disarm(out);
  phase_ = Phase::failed;
  verdict_ = Verdict::none;
  out_of_memory_ = false;
  last_status_ = its_status;
  failed_dependency_ = dependency;
  ran_ = false;
  announce({.fact = Fact::dependency_failed, .other = dependency}, out);
}

void Lifecycle::arm(Moment at, Commands& out) {
  armed_ = true;
  ++serial_;
  due_ = later(at.now, at.grace);
  out.push_back(ArmTimer{{static_cast<std::uint32_t>(id_), serial_}, at.grace});
}

void Lifecycle::arm_grace(Moment at, Commands& out) {
  grace_end_ = later(at.now, at.grace);
  arm(at, out);
}

void Lifecycle::disarm(Commands& out) {
  if (!armed_) return;
  armed_ = false;
  out.push_back(CancelTimer{{static_cast<std::uint32_t>(id_), serial_}});
}

void Lifecycle::signal(int signo, SignalScope scope, Commands& out) const {
  out.push_back(Signal{id_, generation_, signo, scope});
}

void Lifecycle::announce(Announce fact, Commands& out) const {
  fact.service = id_;
  fact.out_of_memory = out_of_memory_ && fact.status == last_end();
  out.push_back(fact);
}

std::uint64_t Lifecycle::noise() const {
  return noise_from(
      seed_, (static_cast<std::uint64_t>(id_) << 32) | static_cast<std::uint32_t>(generation_));
}

}  // namespace pid1
