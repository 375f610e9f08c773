#pragma once

#include <string>
#include <variant>

#include "services/plan.h"
#include "supervisor/command_line/simulation_options.h"

namespace pid1::supervisor {

// How the time line is written down.
enum class TimelineForm { text, json };

// What pid1 would do with these services, told moment by moment: starts, ends, restarts, hooks and
// stops, and the container's exit code. Nothing is run.
struct Timeline {
  std::string text;
};

// A name that no service has, or what can't happen to it.
struct SimulationError {
  std::string message;
};

std::variant<Timeline, SimulationError> simulate(const Plan& plan, const SimulationOptions& options,
                                                 TimelineForm form);

}  // namespace pid1::supervisor
