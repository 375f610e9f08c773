#include "supervisor/system/text.h"

#include <string.h>

namespace pid1::system {
namespace {

bool is_c1_lead(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != '\xC2') return false;
  const auto next = static_cast<unsigned char>(text[at + 1]);
  return next >= 0x80 && next <= 0x9F;
}

}  // namespace

std::string printable(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F || byte == '\\' || is_c1_lead(text, at)) {
      result += {'\\', 'x', digits[byte >> 4], digits[byte & 0xF]};
    } else {
      result += text[at];
    }
  }
  return result;
}

std::string error_text(int error) {
  const char* const text = ::strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
}

}  // namespace pid1::system
