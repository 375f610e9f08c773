#pragma once

#include <string>
#include <string_view>

namespace pid1::config {

// Where a path leads that a file names: absolute ones as they are, others from the folder of the
// file. Nothing else is expanded, `~` neither.
std::string resolve_path(std::string_view path, std::string_view named_in);

// Without `.`, `..`, doubled slashes, so that two ways to write a path can be told to be the same.
// Symbolic links are not followed.
std::string normalize_path(std::string_view path);

}  // namespace pid1::config
