#pragma once

#include "config/diagnostic.h"
#include "config/node.h"

namespace pid1::config {

// Applies YAML's merge key `<<` (not `"<<"`) everywhere below `node`: explicit keys win, an earlier
// item of a list wins over a later one; a value that is neither a mapping nor a list of mappings is
// an error.
void apply_merge_keys(Node& node, Diagnostics& diagnostics);

}  // namespace pid1::config
