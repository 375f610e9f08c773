#pragma once

#include <optional>
#include <vector>

#include "tests/model/moves.h"

namespace pid1::model {

// How a service's processes behave when nobody scripts them.
struct Manners {
  bool heeds_stop = true;       // ends at its stop signal
  bool leaves_members = false;  // of its group, which go at SIGKILL only
  bool heeds_kill = true;       // not so in uninterruptible sleep
  bool hooks_hang = false;      // until they are killed
};

// What happens next by itself in a shutdown: what is due at once, in a fixed order; else the next
// timer. nullopt where the world has come to its end.
std::optional<Move> next_by_itself(const SimWorld& world, const std::vector<Manners>& manners);

}  // namespace pid1::model
