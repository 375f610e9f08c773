#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.h"
#include "config/interpolation.h"
#include "config/main_program.h"
#include "config/resolved.h"
#include "services/plan.h"

namespace pid1::config {

struct LoadOptions {
  std::string path = "/etc/pid1.yaml";  // `-`: standard input
  Lookup environment;                   // the variables that interpolation and env files see
  std::vector<std::string> profiles;    // those that are on (PID1_PROFILES)
  // Runs beside the services, as `main`; the container's exit code is its own.
  std::optional<MainProgram> program;
};

// Reads, checks and resolves a configuration with all that it includes. Every error and warning
// goes to `diagnostics`; nullopt exactly where one of them is an error.
std::optional<Plan> load_plan(const LoadOptions& options, Diagnostics& diagnostics);

// The same, to be shown: what the plan is made of.
std::optional<Resolved> load_resolved(const LoadOptions& options, Diagnostics& diagnostics);

}  // namespace pid1::config
