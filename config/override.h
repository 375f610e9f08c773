#pragma once

#include "config/node.h"
#include "config/schema.h"

namespace pid1::config {

// Puts one mapping over another, as the table's Merge says for each key. Null changes nothing where
// the table has it among a key's forms; elsewhere it overrides, for the checks to refuse it.
void override_with(Node& base, Node over, const Section& section);

}  // namespace pid1::config
