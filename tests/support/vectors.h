#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace pid1::testing {

// The cases of a .jsonl file, one object a line. `path` begins at the workspace's root. Throws
// where the file can't be read, is empty or holds something else.
std::vector<boost::json::object> read_vectors(const std::string& path);

}  // namespace pid1::testing
