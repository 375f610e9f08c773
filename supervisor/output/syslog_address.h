#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::output {

enum class Transport : std::uint8_t {
  local,  // a Unix socket, of datagrams or else a stream
  udp,
  tcp,
};

// Where syslog messages go.
struct SyslogAddress {
  Transport transport = Transport::local;
  std::string host = {};          // of the others: an address or a name
  std::string path = "/dev/log";  // of local
  std::uint16_t port = 514;
  bool operator==(const SyslogAddress&) const = default;
};

// The first address that the text of /etc/hosts has for a name (hosts(5)), whose case doesn't
// matter.
std::optional<std::string> find_host(std::string_view hosts, std::string_view name);

}  // namespace pid1::output
