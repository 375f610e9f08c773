#pragma once

#include <span>
#include <string_view>

#include "services/spec.h"

namespace pid1::config {

struct ResourceName {
  std::string_view name;  // as `ulimits` has it
  LimitedResource resource;
};

// In the order of LimitedResource.
std::span<const ResourceName> resource_names();

}  // namespace pid1::config
