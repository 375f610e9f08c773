#pragma once

#include <optional>

#include "tests/model/invariants.h"

namespace pid1::model {

// What becomes of the processes that no service owns, stated a second time and from the outside:
// after the services, and never before them, they are awaited, asked, killed or left alone, as
// ContainerSpec::leftovers and the signals that arrive say.
std::optional<Violation> find_rest_violation(const Step& step);

}  // namespace pid1::model
