#include "config/syslog_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pid1::config {

namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT.
std::optional<SyslogAddress> parse_host(std::string_view text, SyslogAddress::Transport transport) {
  SyslogAddress address = {.transport = transport, .path = {}};
  std::string_view rest;
  if (take_prefix(text, "[")) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    rest = text.substr(bracket + 1);
    text = text.substr(0, bracket);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    rest = text.substr(colon);
    text = text.substr(0, colon);
  }
  if (text.empty() || text.find('/') != std::string_view::npos) return std::nullopt;
  address.host = text;
  if (rest.empty()) return address;
  const auto port = take_prefix(rest, ":") ? port_of(rest) : std::nullopt;
  if (!port) return std::nullopt;
  address.port = *port;
  return address;
}

}  // namespace

Scalar<SyslogAddress> parse_syslog_address(std::string_view text) {
  std::optional<SyslogAddress> address;
  if (take_prefix(text, "unix://")) {
    if (text.starts_with('/')) address = SyslogAddress{.path = std::string(text)};
  } else if (take_prefix(text, "udp://")) {
    address = parse_host(text, SyslogAddress::Transport::udp);
  } else if (take_prefix(text, "tcp://")) {
    address = parse_host(text, SyslogAddress::Transport::tcp);
  }
  if (address) return *address;
  return ScalarError{"expected unix:///PATH, udp://HOST[:PORT] or tcp://HOST[:PORT]",
                     "write for example udp://10.0.0.1:514"};
}

}  // namespace pid1::config
