#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/model/invariants.h"
#include "tests/model/moves.h"

namespace pid1::model {

// A run that breaks an invariant: the shortest there is.
struct Counterexample {
  Violation violation;
  std::vector<Move> moves;
};

struct Exploration {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::optional<Counterexample> counterexample;
};

struct Subject {
  const Plan& told;   // what the core gets
  const Plan& truth;  // what it is judged by
  Mutant mutant = Mutant::none;
  std::optional<Invariant> overlooked{};  // where a defect breaks more than is of interest
};

// Visits every state that a world can reach, breadth first, and checks every step on the way. Then
// checks that no run goes on for ever once a shutdown has begun, whatever happens or doesn't: every
// step of it leads to a state that was not there before, and in each some timer is armed.
Exploration explore(const Subject& subject, const Environment& environment,
                    const std::function<void(const Step&)>& observe = nullptr);

// The plan, the moves and what each made the core do, one a line, and the violation.
std::string narrate(const Counterexample& example, const Subject& subject,
                    const Environment& environment);

}  // namespace pid1::model
