#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// What `cap_add`, `cap_drop` and `security_opt` say. A capability is in both sets only where all
// are dropped.
Privileges read_privileges(const Fields& service, Diagnostics& diagnostics);

}  // namespace pid1::config
