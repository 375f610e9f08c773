#include "config/probe_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "config/fields.h"
#include "config/host.h"
#include "config/http_url.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

// A token of RFC 9110.
bool is_field_name(std::string_view name) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) ||
           kSigns.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::ranges::all_of(value,
                             [](unsigned char c) { return c == '\t' || (c >= ' ' && c != 0x7f); });
}

// They say how the request is framed, which is pid1's to know.
bool is_pid1s_own(std::string_view name) {
  constexpr std::array<std::string_view, 3> kFraming = {"connection", "content-length",
                                                        "transfer-encoding"};
  return std::ranges::any_of(kFraming, [name](std::string_view framing) {
    return std::ranges::equal(name, framing, {}, [](unsigned char c) { return std::tolower(c); });
  });
}

void read_header(const Node::Entry& entry, HttpProbe& probe, Diagnostics& diagnostics) {
  if (!is_field_name(entry.key)) {
    diagnostics.error(entry.key_mark, "this is no name for a header field",
                      "use letters, digits and `-`");
  } else if (is_pid1s_own(entry.key)) {
    diagnostics.error(entry.key_mark, "the header field `" + entry.key + "` is set by pid1",
                      "take it out");
  } else if (!is_field_value(entry.value.text)) {
    diagnostics.error(entry.value.mark, "a header field can't hold control characters",
                      "write it in one line");
  } else {
    probe.headers.emplace_back(entry.key, entry.value.text);
  }
}

}  // namespace

std::optional<HttpProbe> read_http_probe(const Node& value, Diagnostics& diagnostics) {
  const Fields fields(value, sections::http_check, diagnostics);
  const Node* url = fields.find("url");
  if (url == nullptr) {
    if (!fields.is_faulty("url")) diagnostics.error(value.mark, "`http` needs the key `url`");
    return std::nullopt;
  }
  Scalar<HttpProbe> parsed = parse_http_url(url->text);
  if (auto* error = std::get_if<ScalarError>(&parsed)) {
    diagnostics.error(url->mark, std::move(error->message), std::move(error->hint));
    return std::nullopt;
  }
  auto& probe = std::get<HttpProbe>(parsed);
  if (const Node* headers = fields.find("headers")) {
    for (const Node::Entry& entry : headers->entries) read_header(entry, probe, diagnostics);
  }
  return std::move(probe);
}

std::optional<TcpProbe> read_tcp_probe(const Node& value, Diagnostics& diagnostics) {
  const Fields fields(value, sections::tcp_check, diagnostics);
  TcpProbe probe;
  if (const Node* host = fields.find("host")) {
    const std::optional<std::string> parsed = parse_host(host->text);
    if (!parsed) {
      diagnostics.error(host->mark, "expected a name, an IPv4 address or an IPv6 address",
                        "write the port under `port:`");
      return std::nullopt;
    }
    probe.host = *parsed;
  }
  const std::optional<std::int64_t> port = fields.integer("port");
  if (!port) {
    if (fields.find("port") == nullptr && !fields.is_faulty("port")) {
      diagnostics.error(value.mark, "`tcp` needs the key `port`");
    }
    return std::nullopt;
  }
  probe.port = static_cast<std::uint16_t>(*port);
  return probe;
}

}  // namespace pid1::config
