#include "config/http_url.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "config/host.h"

namespace pid1::config {

namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kUnix = "http+unix://";
constexpr std::string_view kMessage = "expected the URL of a health check";
constexpr std::uint16_t kDefaultPort = 80;

// sun_path, unix(7), with its terminating NUL.
constexpr std::size_t kLongestSocketPath = 107;

ScalarError error(std::string hint) { return {std::string(kMessage), std::move(hint)}; }

// What may stand in a request's line (RFC 9112): the rest has to be percent-encoded.
bool is_sendable(std::string_view target) {
  return std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<int> hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const std::optional<int> high = hex_value(text[i + 1]);
    const std::optional<int> low = hex_value(text[i + 2]);
    if (!high || !low || *high + *low == 0) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

std::string encode(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, port);
  if (stop != end || failure != std::errc{} || port == 0) return std::nullopt;
  return port;
}

Scalar<HttpProbe> read_socket(std::string_view authority, HttpProbe probe) {
  const std::optional<std::string> path = decode(authority);
  if (!path || !path->starts_with('/')) {
    return error(
        "write a socket's absolute path with each / as %2F: "
        "http+unix://%2Frun%2Fapp.sock/health");
  }
  if (path->size() > kLongestSocketPath) {
    return error("a socket's path can't be longer than 107 bytes");
  }
  probe.unix_socket = *path;
  return probe;
}

Scalar<HttpProbe> read_authority(std::string_view authority, HttpProbe probe) {
  if (authority.find('@') != std::string_view::npos) {
    return error("write a user and password as a header: Authorization: Basic …");
  }
  // The colons of an IPv6 address stand in brackets.
  const std::size_t bracket = authority.front() == '[' ? authority.find(']') : 0;
  const std::size_t colon = authority.find(':', std::min(bracket, authority.size()));
  const std::optional<std::string> host = parse_host(authority.substr(0, colon));
  if (!host) {
    return error("write a name, an IPv4 address or an IPv6 address in brackets behind http://");
  }
  probe.host = *host;
  if (colon == std::string_view::npos) return probe;
  const std::optional<std::uint16_t> port = parse_port(authority.substr(colon + 1));
  if (!port) return error("write a port from 1 to 65535 behind the colon");
  probe.port = *port;
  return probe;
}

}  // namespace

Scalar<HttpProbe> parse_http_url(std::string_view text) {
  if (text.starts_with("https://")) {
    return error("TLS is not supported: check http:// on a local port, or use `tcp` or `test`");
  }
  const bool is_unix = text.starts_with(kUnix);
  if (!is_unix && !text.starts_with(kHttp)) {
    return error("begin it with http:// or http+unix://");
  }
  text.remove_prefix(is_unix ? kUnix.size() : kHttp.size());
  if (text.find('#') != std::string_view::npos) {
    return error("leave out what follows the #: it is never sent");
  }
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, end);
  if (authority.empty()) return error("write a host behind http://");
  HttpProbe probe;
  probe.port = kDefaultPort;
  if (end < text.size()) probe.target = text.substr(end);
  if (probe.target.front() == '?') probe.target.insert(0, "/");
  if (!is_sendable(probe.target)) {
    return error("write blanks, control characters and what isn't ASCII as %20 and the like");
  }
  return is_unix ? read_socket(authority, std::move(probe))
                 : read_authority(authority, std::move(probe));
}

std::string format_http_url(const HttpProbe& probe) {
  if (!probe.unix_socket.empty()) {
    return std::string(kUnix) + encode(probe.unix_socket) + probe.target;
  }
  std::string out(kHttp);
  out += is_ipv6(probe.host) ? "[" + probe.host + "]" : probe.host;
  if (probe.port != kDefaultPort) out += ":" + std::to_string(probe.port);
  return out + probe.target;
}

}  // namespace pid1::config
