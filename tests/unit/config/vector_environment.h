#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/interpolation.h"

namespace pid1::config {

// The variables that Compose had when it gave the answers in vectors/.
inline Lookup vector_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const std::map<std::string_view, std::string> variables = {
        {"FOO", "first"},   {"BAR", ""},     {"a", "lower"},  {"_X1", "u"},
        {"NEST", "${FOO}"}, {"OS", "osval"}, {"EMPTYOS", ""},
    };
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace pid1::config
