#pragma once

#include <string>

#include "services/plan.h"

namespace pid1::config {

// A resolved configuration as `docker compose config` would show it: nothing left to expand,
// replicas one by one, lists and mappings in their long forms. Variables that a service passes on
// have their values in it, secrets too. Each `$` is doubled, as Compose does it, so that the text
// can be read back.

// Both read back to the same plan.
std::string render_yaml(const Plan& plan);
std::string render_json(const Plan& plan);

}  // namespace pid1::config
