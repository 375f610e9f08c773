#pragma once

#include <optional>

#include "tests/model/invariants.h"

namespace pid1::model {

// What happens around a main process, stated a second time and from the outside: hooks, probes, and
// the limits of a run.

// Whether the phase has what ends it: a process that lives, or a timer.
bool moves(const SimWorld& world, ServiceId id);

std::optional<Violation> find_life_violation(const Step& step);

}  // namespace pid1::model
