#pragma once

#include <vector>

#include "services/spec.h"

namespace pid1::config {

// All that may run for a service: its main process, hooks, probe and reload command.
std::vector<ProcessSpec*> processes_of(ServiceSpec& service);

}  // namespace pid1::config
