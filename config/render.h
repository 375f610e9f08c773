#pragma once

#include <string>

#include "config/resolved.h"

namespace pid1::config {

// A configuration as `docker compose config` would show it: nothing left to expand, lists and
// mappings in their long forms. Variables that a service passes on have their values in it, secrets
// too. Each `$` is doubled, as Compose does it, so that the text can be read back.

// With the same profiles on, both read back to the same plan.
std::string render_yaml(const Resolved& resolved);
std::string render_json(const Resolved& resolved);

}  // namespace pid1::config
