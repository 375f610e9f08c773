#pragma once

#include <cstddef>

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// An error for each key of a mapping that was there before, which says where the first one is. How
// many there are.
std::size_t report_duplicate_keys(const Node& mapping, Diagnostics& diagnostics);

// Makes one entry of those with the same key, everywhere below `node`: two mappings are joined, and
// so are two lists; of anything else the first counts, unless it is null.
void unite_equal_keys(Node& node);

}  // namespace pid1::config
