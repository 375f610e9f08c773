#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// What `restart` and `deploy.restart_policy` say, or pid1's default where neither is written. Both
// may be written if they say the same.
RestartPolicy read_restart(const Fields& service, const Fields* deploy, Diagnostics& diagnostics);

}  // namespace pid1::config
