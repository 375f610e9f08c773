#pragma once

#include <optional>
#include <string>

#include "tests/model/invariants.h"

namespace pid1::model {

// The policy, stated a second time and from the outside: what docs/reference/config.md promises,
// judged by what really happened. Not derived from the core's code.

// Whether `id`, which was in `from` before, may get a process now.
bool may_spawn(const SimWorld& world, ServiceId id, Phase from);

// Why a service that should move can't: what it waits for, or is held by, will never come.
std::optional<std::string> wedged(const SimWorld& world, ServiceId id);

// Whether the container may end with this code.
bool policy_allows_code(const SimWorld& world, int code);

// What a step did against restart, on_success, on_failure, exit_code_from, stays and signals.
std::optional<std::string> policy_broken(const Step& step);

}  // namespace pid1::model
