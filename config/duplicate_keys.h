#pragma once

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// An error for each key of a mapping that was there before, which says where the first one is.
void report_duplicate_keys(const Node& mapping, Diagnostics& diagnostics);

}  // namespace pid1::config
