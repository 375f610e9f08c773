#pragma once

#include <cstdint>

#include "services/orchestrator.h"

namespace pid1::model {

// Defects that the model has to notice; those of a plan that lacks an edge need no code.
enum class Mutant {
  none,
  timer_without_token,   // a timer's firing is believed, whichever arming it belongs to
  respawn_arms_nothing,  // a service goes into backoff, but its timer is never armed
  hooks_swallow_stop,    // after its hooks before the stop signal, that isn't sent
  stale_hook_believed,   // a hook's end is believed, whichever run it belongs to
  stale_probe_believed,  // a probe's answer likewise
  readiness_ignored,     // what runs counts as ready
};

// The core, or one with a seeded defect, made from outside: production code knows nothing of it.
class CoreUnderTest {
 public:
  CoreUnderTest(const Plan& plan, Mutant mutant) : core_(plan), mutant_(mutant) {}

  void handle(const Event& event, Time now, Commands& out);
  const Orchestrator& operator*() const { return core_; }

 private:
  Event with_current_timer(const Event& event) const;
  Event with_current_hook(const Event& event) const;
  Event with_current_probe(const Event& event) const;
  void forget_backoff(Commands& out) const;
  void swallow_stop(const Event& event, Time now, Commands& out);

  Orchestrator core_;
  Mutant mutant_;
};

}  // namespace pid1::model
