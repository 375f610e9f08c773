#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/health_monitor.h"
#include "services/lifecycle.h"
#include "services/simulation/world.h"

namespace pid1::model {

// What happened to one service, as far as the future is judged by it. Kept from facts and commands
// alone, not from what the core thinks of them.
struct Past {
  Phase phase = Phase::stopped;      // where the core had it after the last step
  bool to_restart = false;           // someone asked for that, of it or of what it follows
  bool launched = false;             // its program has run since it was last asked to start
  bool out_of_memory = false;        // its last end
  bool ever_healthy = false;         // this incarnation
  std::uint32_t prepared = 0;        // pre_start hooks that ended well, for the coming incarnation
  std::uint32_t completed = 0;       // post_start hooks that ended well, of this incarnation
  std::optional<ExitStatus> status;  // its last end, or what stands for a start that failed
  bool last_end_ran = false;         // the former
  Verdict verdict = Verdict::none;   // why it may not go on as it is
  std::vector<Time> restarts;        // those that count, since it was last asked to start

  Time kill_allowed{};   // the end of the grace period that is owed to it
  Time hooks_allowed{};  // the end of the part of it that hooks may take before the stop signal

  std::optional<Duration> watchdog;  // as its spec or itself has it
  Time ready_by = Time::max();
  Time alive_by = Time::max();
  Time ended_by = Time::max();

  Health health = Health::none;
  std::uint32_t failures = 0;  // in a row, as far as they count
  Time checked_since{};

  // A fact befalls the service; `there` is what was there of it before.
  // A grace period can be extended to `latest`.
  void befall(const Event& event, const Presence& there, const ServiceSpec& spec, Time now,
              Time latest);
  // A probe of its health has come to its end; one that took too long, as well.
  void end_probe(ProbeResult result, const HealthCheck& check, Time began);
  void begin_check(Time now);
  void end_check();
  void forget_runs();

  Time earliest_limit() const;
  // The limit that has passed at `now`.
  Verdict limit_passed(Time now) const;

 private:
  void begin_run(const ServiceSpec& spec, Time now);
  void become_ready(Time now);
  void end_hook(const HookEnded& end, HookPoint point);
};

}  // namespace pid1::model
