#pragma once

#include <vector>

#include "config/diagnostic.h"
#include "config/logging_reader.h"
#include "config/service_draft.h"
#include "services/spec.h"

namespace pid1::config {

// Fills in what each `logging` leaves open: from `pid1.log`, and from how many services share the
// place that their lines go to. Then all of it has to fit together: the options the driver, and
// those of one file with one another.
void resolve_logging(std::vector<ServiceDraft>& drafts, const OwnLogging& own,
                     ContainerSpec& container, Diagnostics& diagnostics);

}  // namespace pid1::config
