#pragma once

#include <span>
#include <string>

#include "config/diagnostic.h"
#include "config/env_files.h"
#include "config/interpolation.h"
#include "config/project.h"
#include "config/service_draft.h"

namespace pid1::config {

// What is the same for all services of a load.
struct ServiceContext {
  const Lookup& environment;              // pid1's own
  std::span<const std::string> profiles;  // those that are on; `*` is all
  EnvFiles& env_files;
  Diagnostics& diagnostics;
};

// The values of a service. Every error of it is reported; what is wrong keeps its default. The env
// files of a service that is off by its profiles aren't looked at.
ServiceDraft read_service(const ServiceTree& tree, const ServiceContext& context);

}  // namespace pid1::config
