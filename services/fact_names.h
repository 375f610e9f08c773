#pragma once

#include <string_view>

#include "services/command.h"

namespace pid1 {

// A fact as programs read it: "spawn_deferred".
std::string_view name_of(Fact fact);

}  // namespace pid1
