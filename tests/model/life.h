#pragma once

#include <optional>

#include "tests/model/invariants.h"

namespace pid1::model {

// What happens around a main process, stated a second time and from the outside: hooks, probes, and
// the limits of a run.

// Whether the phase has what ends it: a process that lives, or a timer.
bool moves(const SimWorld& world, ServiceId id);

// Whether the core waits for the end of this run of a hook: one that got SIGKILL is only waited for
// where nothing can go on before.
bool is_hook_awaited(const SimWorld& world, ServiceId id, HookRun run);

std::optional<Violation> find_life_violation(const Step& step);

}  // namespace pid1::model
