#include "supervisor/output/harmless.h"

#include <algorithm>

#include "supervisor/output/text_scan.h"

namespace pid1::output {

void append_harmless(std::string_view text, std::string& result) {
  static constexpr char digits[] = "0123456789abcdef";
  while (true) {
    const std::size_t plain = printable_run(text);
    result.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    std::size_t length = text.front() == '\t' ? 1 : visible_character(text);
    if (length > 0) {
      result.append(text.substr(0, length));
    } else {
      const auto byte = static_cast<unsigned char>(text.front());
      result.append({'\\', 'x', digits[byte >> 4], digits[byte & 0xF]});
      length = 1;
    }
    text.remove_prefix(length);
  }
}

}  // namespace pid1::output
