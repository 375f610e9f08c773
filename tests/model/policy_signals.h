#pragma once

#include <optional>
#include <string>

#include "tests/model/invariants.h"

namespace pid1::model {

// What pid1.signals promises of each signal that arrives, and reload.

// Whether the step is one in which somebody asks for the container's end, and nobody else hears it.
bool is_asked(const Step& step);

std::optional<std::string> wrong_forward(const Step& step);
std::optional<std::string> wrong_reload(const Step& step);

}  // namespace pid1::model
