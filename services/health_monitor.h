#pragma once

#include <cstdint>
#include <string_view>

#include "services/command.h"

namespace pid1 {

enum class Health {
  none,      // there is no check, or the service doesn't run
  starting,  // no check has decided yet
  healthy,
  unhealthy,
};

std::string_view name_of(Health health);

// The check of one service's health, as Docker has it (HealthCheck in spec.h). Passive, as
// Lifecycle: one timer, which is armed in every state but idle; one probe at a time. A stale
// TimerFired or Probed has no effect.
class HealthMonitor {
 public:
  // `spec` outlives this object. `owner` is the owner of its timer. `seed` spreads the first probes
  // of many services over a tenth of their intervals.
  HealthMonitor(ServiceId id, const HealthCheck& spec, std::uint32_t owner, std::uint64_t seed);

  Health health() const { return health_; }
  bool active() const { return state_ != State::idle; }
  // Failures in a row that count.
  std::uint32_t failures() const { return failures_; }
  std::uint32_t armed_serial() const { return active() ? serial_ : 0; }
  // The probe whose answer is waited for, or 0.
  ProbeRun probe_awaited() const { return state_ == State::probing ? run_ : ProbeRun{0}; }

  // The service runs. Only while it is idle.
  void start(Time now, Commands& out);
  // It doesn't any more, or is to stop.
  void stop(Commands& out);

  // Both return whether the health has changed.
  bool probed(const Probed& event, Time now, Commands& out);
  bool timer_fired(std::uint32_t serial, Time now, Commands& out);

 private:
  friend struct CoreProbe;  // tests/model compares states

  enum class State { idle, pausing, probing };

  void pause(Duration delay, Commands& out);
  void arm(Duration delay, Commands& out);
  bool conclude(ProbeResult result, Time now, Commands& out);
  bool become(Health health, Commands& out);
  bool in_start_period(Time now) const;
  Duration interval(Time now) const;

  ServiceId id_;
  const HealthCheck* spec_;
  std::uint32_t owner_;
  std::uint64_t seed_;
  State state_ = State::idle;
  Health health_ = Health::none;
  ProbeRun run_{0};
  std::uint32_t serial_ = 0;
  std::uint32_t failures_ = 0;
  bool succeeded_ = false;  // once since the start: from then on failures count
  Time started_at_{};
  Time probed_at_{};  // Docker: a failure counts or not by when its probe began
};

}  // namespace pid1
