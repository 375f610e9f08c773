#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pid1 {

// The number of a capability (capabilities(7), as of Linux 5.9) written as people and Docker write
// it: with or without CAP_, in any case. nullopt for anything else.
std::optional<int> parse_capability(std::string_view text);

// "CAP_NET_BIND_SERVICE"; the number itself for what has no name.
std::string capability_name(int capability);

// Without CAP_, in the order of their numbers.
std::span<const std::string_view> capability_names();

}  // namespace pid1
