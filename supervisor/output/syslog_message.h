#pragma once

#include <string_view>

#include "supervisor/output/syslog_format.h"

namespace pid1::output {

// What a program has said to syslog. Views into its datagram.
struct SyslogMessage {
  unsigned facility = 1;  // user
  Severity severity = Severity::notice;
  std::string_view application = {};  // APP-NAME, or the TAG of old; empty: none
  std::string_view process = {};      // PROCID as it was written; empty: none
  std::string_view text = {};
};

// RFC 5424, and RFC 3164 as programs write it to /dev/log: with a date or without, with a host or
// without, and whatever else they think of, which then is all text. Dates are not read: it came
// now. Newlines and NULs at the end are cut.
SyslogMessage parse_syslog(std::string_view datagram);

}  // namespace pid1::output
