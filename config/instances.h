#pragma once

#include <vector>

#include "config/diagnostic.h"
#include "config/service_draft.h"
#include "config/service_index.h"
#include "services/spec.h"

namespace pid1::config {

// Makes one service of each replica, with its number in PID1_REPLICA, and lets each dependency on a
// service be one on all of its replicas. What is off is left out, and so are dependencies on what
// has no replica: they are met. Empties `drafts`, so that `index` is of no use afterwards.
std::vector<ServiceSpec> make_instances(std::vector<ServiceDraft>& drafts,
                                        const ServiceIndex& index, Diagnostics& diagnostics);

}  // namespace pid1::config
