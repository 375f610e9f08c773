#pragma once

#include <optional>

#include "tests/model/invariants.h"

namespace pid1::model {

// When hooks run, stated a second time and from the outside: each at its point, one after the
// other, none left out, and killed only when its time is over.

// Whether the core waits for the end of this run of a hook: one that got SIGKILL is only waited for
// where nothing can go on before.
bool is_hook_awaited(const SimWorld& world, ServiceId id, HookRun run);

std::optional<Violation> find_hook_violation(const Step& step);

}  // namespace pid1::model
