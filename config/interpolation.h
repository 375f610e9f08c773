#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/scalars.h"

namespace pid1::config {

// A variable's value, or nullopt where it is unset.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

struct Interpolated {
  std::string text;
  std::vector<std::string> unset;  // names that were unset and had no default, each once
  bool has_values = false;         // of variables, in `text`
};

// Compose's interpolation: $VAR ${VAR} ${VAR:-d} ${VAR-d} ${VAR:?e} ${VAR?e} ${VAR:+r} ${VAR+r} $$,
// nested; never re-expanded; an unused branch is not evaluated; `$` before anything else is
// literal. Differs from Compose on purpose in one case: a multi-line default is accepted. No error
// shows a variable's value.
Scalar<Interpolated> interpolate(std::string_view text, const Lookup& lookup);

}  // namespace pid1::config
