#include "config/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::config {
namespace {

// The encoding of `value`, well-formed or not, in `length` bytes.
std::string encode(char32_t value, std::size_t length) {
  if (length == 1) return {static_cast<char>(value)};
  std::string out(length, '\0');
  for (std::size_t i = length - 1; i > 0; --i, value >>= 6) {
    out[i] = static_cast<char>(0x80 | (value & 0x3F));
  }
  const auto lead = static_cast<unsigned char>(0xF00 >> length);
  out[0] = static_cast<char>(lead | value);
  return out;
}

TEST(Utf8, DecodesTheFirstAndTheLastOfEachLength) {
  struct Case {
    char32_t value;
    std::size_t length;
  };
  for (const auto& [value, length] :
       {Case{0, 1}, Case{0x7F, 1}, Case{0x80, 2}, Case{0x7FF, 2}, Case{0x800, 3}, Case{0xD7FF, 3},
        Case{0xE000, 3}, Case{0xFFFF, 3}, Case{0x10000, 4}, Case{0x10FFFF, 4}}) {
    const std::optional<CodePoint> decoded = decode_utf8(encode(value, length) + "x");
    ASSERT_TRUE(decoded) << static_cast<std::uint32_t>(value);
    EXPECT_EQ(decoded->value, value);
    EXPECT_EQ(decoded->length, length);
  }
}

TEST(Utf8, RefusesAnEncodingThatIsTooLong) {
  EXPECT_FALSE(decode_utf8(encode(0x7F, 2)));
  EXPECT_FALSE(decode_utf8(encode(0x7FF, 3)));
  EXPECT_FALSE(decode_utf8(encode(0xFFFF, 4)));
}

TEST(Utf8, RefusesWhatIsNoCharacter) {
  EXPECT_FALSE(decode_utf8(encode(0xD800, 3)));
  EXPECT_FALSE(decode_utf8(encode(0xDFFF, 3)));
  EXPECT_FALSE(decode_utf8(encode(0x110000, 4)));
}

TEST(Utf8, RefusesWhatIsCutShort) {
  EXPECT_FALSE(decode_utf8(""));
  for (const std::string whole : {"\u00e9", "\u20ac", "\U0001F600"}) {
    ASSERT_TRUE(decode_utf8(whole));
    for (std::size_t size = 1; size < whole.size(); ++size) {
      EXPECT_FALSE(decode_utf8(whole.substr(0, size)));
      EXPECT_FALSE(decode_utf8(whole.substr(0, size) + "xxx"));
    }
  }
}

TEST(Utf8, RefusesBytesThatBeginNothing) {
  for (const std::string_view text :
       {"\x80xxx", "\xBFxxx", "\xF8\x88\x80\x80\x80", "\xFExxx", "\xFFxxx"}) {
    EXPECT_FALSE(decode_utf8(text));
  }
}

}  // namespace
}  // namespace pid1::config
