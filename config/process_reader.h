#pragma once

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// Whether what a service needs can be asked for: not where what it extends is missing.
enum class Needs { checked, unchecked };

// How a service's process is started, but for its environment.
ProcessSpec read_process(const Fields& service, const Mark& service_mark, Needs needs,
                         Diagnostics& diagnostics);

}  // namespace pid1::config
