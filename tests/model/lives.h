#pragma once

#include <vector>

#include "tests/model/plans.h"

namespace pid1::model {

// Appends plans of services whose life is more than a start and an end:
// - one service with hooks at every point, in every kill mode, whatever the time left;
// - one that says when it is ready, with each limit of a run;
// - one with a health check, and with everything that may follow from it;
// - one that the kernel may kill for want of memory, one that can reload;
// - two and three, the one depending on the health, the readiness or the hooks of the other.
void add_lives(Depth depth, std::vector<Case>& cases);

}  // namespace pid1::model
