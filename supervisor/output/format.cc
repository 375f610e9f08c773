#include "supervisor/output/format.h"

#include <algorithm>

#include "supervisor/output/json_format.h"
#include "supervisor/output/prefix_format.h"
#include "supervisor/output/syslog_format.h"

namespace pid1::output {

bool wants_color(ColorChoice choice, Reader reader, const char* no_color, const char* term) {
  switch (choice) {
    case ColorChoice::always: return true;
    case ColorChoice::never: return false;
    case ColorChoice::automatic: break;
  }
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool able = term == nullptr || std::string_view(term) != "dumb";
  return reader == Reader::terminal && !refused && able;
}

std::unique_ptr<Format> make_format(const Origin& origin, const FormatOptions& options) {
  switch (options.kind) {
    case FormatKind::prefix: return std::make_unique<PrefixFormat>(origin, options);
    case FormatKind::json: return std::make_unique<JsonFormat>(origin);
    case FormatKind::syslog: return std::make_unique<SyslogFormat>(origin, options.host);
    case FormatKind::raw: break;
  }
  return nullptr;
}

std::string shown_name(const Origin& origin) {
  return origin.tag.empty() ? origin.service : origin.tag;
}

std::size_t width_of(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      name, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace pid1::output
