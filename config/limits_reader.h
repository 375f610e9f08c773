#pragma once

#include <cstdint>
#include <vector>

#include "config/diagnostic.h"
#include "config/node.h"
#include "services/spec.h"

namespace pid1::config {

// The value of `ulimits`, or nullptr. In the order of LimitedResource.
std::vector<ResourceLimit> read_limits(const Node* value, Diagnostics& diagnostics);

// The value of `cpuset`, or nullptr: ascending, each processor once.
std::vector<std::uint32_t> read_cpus(const Node* value, Diagnostics& diagnostics);

}  // namespace pid1::config
