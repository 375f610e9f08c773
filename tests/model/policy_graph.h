#pragma once

#include <optional>
#include <string>

#include "tests/model/invariants.h"

namespace pid1::model {

// What the graph promises: who may start, who has to go, and with whom.

bool is_settled(Phase phase);
bool is_final(Phase phase);
bool has_process(Phase phase);

// Whether the service came to an end for good in this step.
bool ended_for_good(const Step& step, ServiceId id);

// What a request to stop, or a failure for good, did to others against depends_on.
std::optional<std::string> wrong_stop(const Step& step);
std::optional<std::string> wrong_fall(const Step& step);
std::optional<std::string> wrong_loss(const Step& step, ServiceId id);

}  // namespace pid1::model
