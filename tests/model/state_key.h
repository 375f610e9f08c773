#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/model/sim_world.h"

namespace pid1::model {

// A world's state as bytes, the same for worlds that behave the same from here on: generations and
// serials are left out, times are relative to now and clipped where a longer one makes no
// difference, and what will be overwritten before it is read is left out. Appends to `key`, which
// is cleared first.
void encode(const SimWorld& world, std::vector<std::uint8_t>& key);

// The same of the core alone.
void encode_core(const SimWorld& world, std::vector<std::uint8_t>& key);

// What the core counts along the way, against a recount; nullopt where all agree.
std::optional<std::string> miscounted(const Orchestrator& core);

}  // namespace pid1::model
