#pragma once

#include <string>
#include <string_view>

#include "config/scalars.h"
#include "services/spec.h"

namespace pid1::config {

// The URL of a health check: `http://host[:port][/path][?query]`, or
// `http+unix://PATH[/path][?query]` with each `/` of the socket's path as `%2F`. The result has no
// headers.
Scalar<HttpProbe> parse_http_url(std::string_view text);

// The same as text.
std::string format_http_url(const HttpProbe& probe);

}  // namespace pid1::config
