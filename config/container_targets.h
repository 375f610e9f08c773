#pragma once

#include <span>

#include "config/container_reader.h"
#include "config/diagnostic.h"
#include "config/service_draft.h"
#include "config/service_index.h"
#include "services/spec.h"

namespace pid1::config {

// Looks for the services that the block `pid1` names. Each may be a service, which stands for all
// of its replicas, or a replica. A service that is off gets no signal; the exit code must come from
// exactly one that is on.
ContainerSpec resolve_targets(ContainerDraft container, std::span<const ServiceDraft> drafts,
                              const ServiceIndex& index, Diagnostics& diagnostics);

}  // namespace pid1::config
