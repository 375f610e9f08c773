#pragma once

#include "services/spec.h"

namespace pid1::supervisor {

// RLIMIT_… of getrlimit(2), the same on every architecture we run on.
int resource_number(LimitedResource resource);

}  // namespace pid1::supervisor
