#pragma once

#include <optional>
#include <string>

#include "tests/model/sim_world.h"

namespace pid1::model {

// What has to hold at every step of every run. The first seven are those of docs/design.md; the
// rest say what the policy promises. The explorer, the fuzzer and the property tests check these.
enum class Invariant {
  one_incarnation,      // 1: never spawn while one lives; never signal one that was reaped
  always_moving,        // 2: every transient state has a live process or an armed timer
  cancelled_is_silent,  // 3: a cancelled timer is a no-op, as is a late hook or probe
  dependents_first,     // 4: a dependency stops only after its dependents
  grace_is_kept,        // 5: SIGKILL never before the grace period has passed
  shutdown_finishes,    // 6: every shutdown reaches Finish, with the code the policy says
  all_reaped,           // 7: none is left when the program ends
  starts_in_order,      // a service starts only when its dependencies allow it
  never_wedged,         // a service waits only for something that can still come
  hooks_in_order,       // one hook at a time, in its order and at its point, none in a hurry
  policy_decides,       // an end is followed by what restart, on_success and on_failure say
  counts_agree,         // what the core counts along the way agrees with a recount
};

std::string_view name_of(Invariant invariant);

struct Violation {
  Invariant invariant;
  std::string what;
};

// One step: `event` led from `before` to `after`, and made the core answer `commands`.
struct Step {
  const SimWorld& before;
  const Event& event;
  const Commands& commands;
  const SimWorld& after;
};

// Whether the event is the firing of this owner's timer as it was armed, not of a stale one.
bool timer_fired(const Step& step, std::size_t owner);

std::optional<Violation> find_violation(const Step& step);

}  // namespace pid1::model
