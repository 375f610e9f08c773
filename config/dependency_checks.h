#pragma once

#include <span>

#include "config/diagnostic.h"
#include "config/service_draft.h"
#include "config/service_index.h"

namespace pid1::config {

// What services ask of one another and can't have: a dependency that isn't there or is off, one
// that never completes or never says how it is, a circle.
void check_dependencies(std::span<const ServiceDraft> drafts, const ServiceIndex& index,
                        Diagnostics& diagnostics);

}  // namespace pid1::config
