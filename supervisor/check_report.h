#pragma once

#include <string>

#include "services/plan.h"

namespace pid1::supervisor {

// What `--check` says of a plan that is good, a line each: how many services there are, and what a
// stop takes at the most, with the services that it takes it for, in the order in which they stop.
std::string check_report(const Plan& plan);

}  // namespace pid1::supervisor
