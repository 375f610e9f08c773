#pragma once

#include <optional>

#include "config/diagnostic.h"
#include "config/node.h"
#include "services/spec.h"

namespace pid1::config {

// The values of `healthcheck.http` and `healthcheck.tcp`; nullopt after an error.
std::optional<HttpProbe> read_http_probe(const Node& value, Diagnostics& diagnostics);
std::optional<TcpProbe> read_tcp_probe(const Node& value, Diagnostics& diagnostics);

}  // namespace pid1::config
