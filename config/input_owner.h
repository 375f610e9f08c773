#pragma once

#include <span>

#include "config/diagnostic.h"
#include "config/service_draft.h"

namespace pid1::config {

// There is one standard input: of all services that are on, with their replicas, one may read it.
void check_input_owner(std::span<const ServiceDraft> drafts, Diagnostics& diagnostics);

}  // namespace pid1::config
