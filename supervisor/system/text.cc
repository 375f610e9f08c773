#include "supervisor/system/text.h"

#include <algorithm>
#include <cstring>

namespace pid1::system {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

// How many bytes at `at` are one character that may be shown as it is; 0: none.
std::size_t visible_length(std::string_view text, std::size_t at) {
  const unsigned char lead = byte_at(text, at);
  const unsigned char second = byte_at(text, at + 1);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F && lead != '\\' ? 1 : 0;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  // The C1 controls, and what a shorter sequence would say.
  if ((lead == 0xC2 || lead == 0xE0) && second < 0xA0) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t next = at + 1; next < at + length; ++next) {
    if ((byte_at(text, next) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::string printable(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = visible_length(text, at);
    if (length > 0) {
      result += text.substr(at, length);
      at += length;
    } else {
      const unsigned char byte = byte_at(text, at++);
      result += {'\\', 'x', digits[byte >> 4], digits[byte & 0xF]};
    }
  }
  return result;
}

void make_harmless(std::span<char> text) {
  const std::string_view view(text.data(), text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at];
    const bool is_plain = byte == '\\' || byte == '\t' || byte == '\n';
    const std::size_t length = is_plain ? 1 : visible_length(view, at);
    if (length == 0) text[at] = '?';
    at += std::max<std::size_t>(length, 1);
  }
}

std::string_view cut_text(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  constexpr std::size_t longest = 4;
  std::size_t lead = limit;
  while (lead > 0 && limit - lead < longest && (byte_at(text, lead) & 0xC0) == 0x80) --lead;
  return text.substr(0, visible_length(text, lead) > limit - lead ? lead : limit);
}

std::string error_text(int error) {
  const char* const text = ::strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
}

}  // namespace pid1::system
