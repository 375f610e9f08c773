#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pid1::config {

// A host as a URL or a person writes it: a name (RFC 1123), an IPv4 address in its four decimal
// parts, or an IPv6 address (RFC 4291), which may stand in brackets and is given without.
// nullopt for anything else.
std::optional<std::string> parse_host(std::string_view text);

bool is_ipv6(std::string_view text);

}  // namespace pid1::config
