#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "config/interpolation.h"
#include "services/spec.h"

namespace pid1::config {

// What `pre_start`, `post_start`, `pre_stop` and `post_stop` say. A hook runs as `process` does,
// but for its words, and for what it says itself; a variable without a value is that of pid1's own
// `environment`.
Hooks read_hooks(const Fields& service, const ProcessSpec& process, const Lookup& environment,
                 Diagnostics& diagnostics);

// What `reload` says; a command runs as `process` does.
Reload read_reload(const Fields& service, const ProcessSpec& process, Diagnostics& diagnostics);

}  // namespace pid1::config
