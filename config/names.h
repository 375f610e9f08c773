#pragma once

#include "config/node.h"
#include "config/schema.h"

namespace pid1::config {

// Makes the mapping out of a list of `NAME=VALUE` or of names that it stands for. A name without a
// value gets null, or an empty mapping where `key` maps names to mappings. Of equal names the last
// one counts. Lists of anything else, and other nodes, stay
// as they are.
void make_mapping(Node& node, const Key& key);

}  // namespace pid1::config
