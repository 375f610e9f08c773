#pragma once

#include <vector>

#include "config/env_files.h"
#include "config/interpolation.h"
#include "config/node.h"
#include "services/spec.h"

namespace pid1::config {

// What a service's environment differs in from pid1's own: the files in their order, and over them
// `environment` (a mapping or a list, or nullptr). A name without a value has that of pid1's own
// environment, `lookup`, and is taken away where there is none.
std::vector<EnvironmentChange> read_environment(const Node* environment,
                                                const std::vector<EnvFileRequest>& requests,
                                                EnvFiles& files, const Lookup& lookup,
                                                Diagnostics& diagnostics);

// What `environment`, which may be nullptr, makes of `base`: its variables come over those.
std::vector<EnvironmentChange> override_environment(std::vector<EnvironmentChange> base,
                                                    const Node* environment, const Lookup& lookup,
                                                    Diagnostics& diagnostics);

}  // namespace pid1::config
