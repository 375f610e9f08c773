#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/scalars.h"

namespace pid1::config {

// Where syslog messages go.
struct SyslogAddress {
  enum class Transport { local, udp, tcp };
  Transport transport = Transport::local;
  std::string host = {};          // of the others: an address or a name
  std::string path = "/dev/log";  // of local
  std::uint16_t port = 514;
  bool operator==(const SyslogAddress&) const = default;
};

// `unix:///dev/log`, `udp://host`, `tcp://host:601`, `tcp://[::1]:601`.
Scalar<SyslogAddress> parse_syslog_address(std::string_view text);

}  // namespace pid1::config
