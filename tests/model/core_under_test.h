#pragma once

#include <cstdint>

#include "services/orchestrator.h"

namespace pid1::model {

// Defects that the model has to notice; a third, a plan that lacks an edge, needs no code.
enum class Mutant {
  none,
  timer_without_token,   // a timer's firing is believed, whichever arming it belongs to
  respawn_arms_nothing,  // a service goes into backoff, but its timer is never armed
};

// The core, or one with a seeded defect, made from outside: production code knows nothing of it.
class CoreUnderTest {
 public:
  CoreUnderTest(const Plan& plan, Mutant mutant) : core_(plan), mutant_(mutant) {}

  void handle(const Event& event, Time now, Commands& out);
  const Orchestrator& operator*() const { return core_; }

 private:
  Event believed(const Event& event) const;
  void forget_backoff(Commands& out) const;

  Orchestrator core_;
  Mutant mutant_;
};

}  // namespace pid1::model
