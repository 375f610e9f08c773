#include "supervisor/output/syslog_address.h"

#include <algorithm>
#include <charconv>

namespace pid1::output {
namespace {

constexpr std::string_view kExpected =
    "expected unix:///PATH, udp://HOST[:PORT] or tcp://HOST[:PORT], as in udp://10.0.0.1:514";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

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
std::optional<SyslogAddress> parse_host(std::string_view text, Transport transport) {
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

// The next word, taken from the front; empty at the end.
std::string_view take_word(std::string_view& text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(first);
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r"));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::variant<SyslogAddress, std::string> parse_syslog_address(std::string_view text) {
  std::optional<SyslogAddress> address;
  if (take_prefix(text, "unix://")) {
    if (text.starts_with('/')) address = SyslogAddress{.path = std::string(text)};
  } else if (take_prefix(text, "udp://")) {
    address = parse_host(text, Transport::udp);
  } else if (take_prefix(text, "tcp://")) {
    address = parse_host(text, Transport::tcp);
  }
  if (address) return *address;
  return std::string(kExpected);
}

std::optional<std::string> find_host(std::string_view hosts, std::string_view name) {
  while (!hosts.empty()) {
    const std::size_t newline = std::min(hosts.find('\n'), hosts.size());
    std::string_view line = hosts.substr(0, newline);
    hosts.remove_prefix(std::min(newline + 1, hosts.size()));
    line = line.substr(0, line.find('#'));
    const std::string_view address = take_word(line);
    for (std::string_view word = take_word(line); !word.empty(); word = take_word(line)) {
      if (same_name(word, name)) return std::string(address);
    }
  }
  return std::nullopt;
}

}  // namespace pid1::output
