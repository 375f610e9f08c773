#pragma once

#include "supervisor/output/format.h"

namespace pid1::output {

// The numerical codes of RFC 5424, section 6.2.1.
enum class Severity : std::uint8_t {
  emergency,
  alert,
  critical,
  error,
  warning,
  notice,
  informational,
  debug,
};

inline constexpr unsigned kDaemonFacility = 3;

// Messages of RFC 5424, one a line, for a SyslogSink: stdout is informational, stderr an error, as
// Docker has it; the facility is daemon. The service's name (or tag) is the APP-NAME, the process's
// number the PROCID. The text is made harmless, so it is UTF-8 in one line.
class SyslogFormat final : public Format {
 public:
  // `host`: this machine's name; empty: not known.
  SyslogFormat(const Origin& origin, std::string_view host);

  void begin(const Moment& moment) override;
  void append(const Line& line, std::string& text) const override;

 private:
  std::string priority_;  // with the version
  std::string origin_;    // host and application
  std::string head_;      // all that comes before the text
};

// What a header field may hold: printable ASCII without spaces, at most so many bytes; else "-".
std::string header_field(std::string_view text, std::size_t most);

}  // namespace pid1::output
