#pragma once

#include <string>

#include "config/node.h"

namespace pid1::testing {

// A tree on one line, for comparisons: {key: value}, [item, item], plain, "quoted", |block|, null.
std::string dump(const config::Node& node);

// The same with each node's line:column behind it, a key's behind the key, and ^line:column of the
// alias that brought it.
std::string dump_with_marks(const config::Node& node);

}  // namespace pid1::testing
