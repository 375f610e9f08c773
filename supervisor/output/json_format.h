#pragma once

#include "supervisor/output/format.h"

namespace pid1::output {

// One object a line (RFC 8259): time, service, replica, tag, labels, stream, pid, message, partial.
// Those that say nothing are left out: `partial` is there, and true, where the next object of the
// same service and stream goes on with the same line, as Docker has it. Valid UTF-8 whatever came:
// what isn't becomes U+FFFD, one for each byte; controls are escaped, DEL and C1 too, so that the
// text is harmless on a terminal.
class JsonFormat final : public Format {
 public:
  explicit JsonFormat(const Origin& origin);

  void begin(const Moment& moment) override;
  void append(const Line& line, std::string& text) const override;

 private:
  std::string origin_;  // from behind the time to before the pid
  std::string head_;    // the object up to the message, of this read
};

// Appends the content of a JSON string, without its quotes.
void append_json_text(std::string_view text, std::string& result);

}  // namespace pid1::output
