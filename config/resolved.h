#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/spec.h"

namespace pid1::config {

// A service that is on, under the name it is written with: its replicas are one entry, and its
// dependencies are written names too, those that are on.
struct ResolvedService {
  ServiceSpec spec;
  std::vector<std::string> profiles;
  std::optional<std::uint32_t> replicas;  // nullopt: one, under its own name
  bool operator==(const ResolvedService&) const = default;
};

// A configuration with nothing left to expand, before it is made a plan.
struct Resolved {
  ContainerSpec container;
  std::vector<ResolvedService> services;
};

}  // namespace pid1::config
