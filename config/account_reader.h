#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/node.h"
#include "services/spec.h"

namespace pid1::config {

// As whom and where a process runs. Each value may be nullptr.

std::optional<UserSpec> read_user(const Node* value, Diagnostics& diagnostics);

// Each group once, in the order written.
std::vector<std::string> read_groups(const Node* value, Diagnostics& diagnostics);

std::optional<std::string> read_working_dir(const Node* value, Diagnostics& diagnostics);

}  // namespace pid1::config
