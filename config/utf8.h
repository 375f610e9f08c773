#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pid1::config {

// The mark that some editors put before a text in UTF-8. No part of the text itself: columns of the
// first line count from behind it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  // in bytes, 1 to 4
};

// The code point that `text` begins with; nullopt where that is no well-formed UTF-8 (RFC 3629: no
// overlong forms, no surrogates, nothing above U+10FFFF) or `text` is empty.
std::optional<CodePoint> decode_utf8(std::string_view text);

}  // namespace pid1::config
