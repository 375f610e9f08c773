#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/spec.h"

namespace pid1::supervisor {

// What the arguments of an init's flags say. Each is empty, or false, where a text isn't one.

// "s:r", names or numbers; r may be 0. KILL and STOP can't be caught, CHLD is for the init itself.
struct Rewrite {
  int from = 0;
  int to = 0;
};
std::optional<Rewrite> parse_rewrite(std::string_view text);

// Codes 0–255 separated by commas, each a number or 128+n for signal n.
std::optional<std::vector<int>> parse_exit_codes(std::string_view text);

// "NAME=VALUE"
std::optional<EnvironmentChange> parse_variable(std::string_view text);

// "user" or "user:group", names or numbers, neither empty.
std::optional<UserSpec> parse_user(std::string_view text);

// What stands between the commas, empty parts left out.
std::vector<std::string> split_commas(std::string_view text);

// A variable of ours that is set, empty or not.
std::optional<std::string> variable(const char* name);

}  // namespace pid1::supervisor
