#include "supervisor/output/syslog_format.h"

#include "supervisor/output/harmless.h"
#include "supervisor/output/timestamp.h"

namespace pid1::output {
namespace {

// RFC 5424, section 6.
constexpr std::size_t kLongestHost = 255;
constexpr std::size_t kLongestApplication = 48;

unsigned priority_of(Stream stream) {
  const Severity severity = stream == Stream::out ? Severity::informational : Severity::error;
  return kDaemonFacility * 8 + static_cast<unsigned>(severity);
}

}  // namespace

std::string header_field(std::string_view text, std::size_t most) {
  std::string field;
  for (const char c : text.substr(0, most)) field += c > ' ' && c < 0x7F ? c : '_';
  return field.empty() ? "-" : field;
}

SyslogFormat::SyslogFormat(const Origin& origin, std::string_view host)
    : priority_("<" + std::to_string(priority_of(origin.stream)) + ">1 "),
      origin_(" " + header_field(host, kLongestHost) + " " +
              header_field(shown_name(origin), kLongestApplication) + " ") {
  begin({});
}

void SyslogFormat::begin(const Moment& moment) {
  head_.assign(priority_).append(Timestamp(moment.time).date_and_time()).append("Z");
  head_.append(origin_).append(moment.pid > 0 ? std::to_string(moment.pid) : "-").append(" - - ");
}

void SyslogFormat::append(const Line& line, std::string& text) const {
  text.append(head_);
  append_harmless(line.text, text);
  if (goes_on(line.part)) text.append("[...]");
  text.push_back('\n');
}

}  // namespace pid1::output
