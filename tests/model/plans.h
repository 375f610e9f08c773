#pragma once

#include <string>
#include <vector>

#include "services/plan.h"
#include "tests/model/moves.h"

namespace pid1::model {

// One plan to explore, and what may happen to it.
struct Case {
  std::string family;
  Plan plan;
  Environment environment;
};

// How much of the product of graphs, policies and environments is explored.
enum class Depth {
  usual,     // in every run of the tests: half a minute of processor time
  thorough,  // by hand: a quarter of an hour of it
};

// All plans of one, two and three services, up to renaming:
// - every graph, each edge with every condition, required or not, with restart or not;
// - one service: every restart policy, action, kill mode and budget, with and without
//   exit_code_from, in the fullest environment, with time;
// - two: every edge with every pair of temperaments, and each temperament in the fullest
//   environment;
// - three: every graph with services that end for good, and every mix of temperaments over plain
//   edges. What a policy means to the graph is only where an end leads: back up, to `exited`, to
//   `failed`, or to a shutdown;
// - one program under an init, one service, two and none, with everything that may become of what
//   is left at the end, whoever gets which signal, and whether the container stays.
std::vector<Case> small_plans(Depth depth);

}  // namespace pid1::model
