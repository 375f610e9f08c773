#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "supervisor/output/line.h"

namespace pid1::output {

enum class BlockEnd : std::uint8_t {
  newline,        // lines, each whole unless the block continues one that was cut
  cut,            // a part of a line, kLongestLine bytes at the most; the next block continues it
  end_of_stream,  // a last line that has no newline
};

// Bytes that follow the previous block's in the stream. Never empty.
struct Block {
  std::string_view text;
  BlockEnd end = BlockEnd::newline;
};

// Cuts one stream where its lines end, however the bytes come. Blocks are views into what is fed,
// or into the one buffer that keeps an unfinished line (up to kLongestLine); once that has grown,
// nothing is allocated. Who only copies takes blocks, which cost a look at each chunk's ends; who
// looks at lines cuts a block into them, once for all who look.
class LineSplitter {
 public:
  // Calls take(Block) for what `chunk` completes.
  template <typename Take>
  void feed(std::string_view chunk, Take&& take) {
    while (!unfinished_.empty() && !chunk.empty()) chunk.remove_prefix(finish_line(chunk, take));
    const std::size_t whole = length_of_whole_lines(chunk);
    if (whole > 0) take(Block{chunk.substr(0, whole), BlockEnd::newline});
    chunk.remove_prefix(whole);
    while (chunk.size() > kLongestLine) {
      const std::size_t length = length_of_part(chunk);
      take(Block{chunk.substr(0, length), BlockEnd::cut});
      chunk.remove_prefix(length);
    }
    unfinished_.append(chunk);
  }

  // The stream has ended.
  template <typename Take>
  void finish(Take&& take) {
    if (!unfinished_.empty()) take(Block{unfinished_, BlockEnd::end_of_stream});
    unfinished_.clear();
  }

  // Calls take(Line) for each line and part in a block that was just taken. Every block, in order.
  template <typename Take>
  void cut(const Block& block, Take&& take) {
    std::string_view text = block.text;
    while (!text.empty()) {
      const void* const newline = std::memchr(text.data(), '\n', text.size());
      const std::size_t length =
          newline == nullptr
              ? text.size()
              : static_cast<std::size_t>(static_cast<const char*>(newline) - text.data());
      const bool ends = newline != nullptr || block.end == BlockEnd::end_of_stream;
      cut_line(text.substr(0, length), ends ? Rest::none : Rest::follows, take);
      text.remove_prefix(length + (newline == nullptr ? 0 : 1));
    }
  }

  bool has_unfinished() const { return !unfinished_.empty(); }

 private:
  // Up to and with the last newline.
  static std::size_t length_of_whole_lines(std::string_view chunk) {
    const std::size_t newline = chunk.rfind('\n');
    return newline == std::string_view::npos ? 0 : newline + 1;
  }

  // Of a longer text; no character of UTF-8 is torn.
  static std::size_t length_of_part(std::string_view text) {
    std::size_t length = kLongestLine;
    while (length > kLongestLine - 3 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
      --length;
    }
    return length;
  }

  // Returns how many bytes of `chunk` went into the unfinished line.
  template <typename Take>
  std::size_t finish_line(std::string_view chunk, Take& take) {
    const std::size_t newline = chunk.find('\n');
    const std::size_t length = newline == std::string_view::npos ? chunk.size() : newline;
    if (unfinished_.size() + length > kLongestLine) {
      const std::size_t room = kLongestLine - unfinished_.size();
      unfinished_.append(chunk.substr(0, room + 1));
      const std::size_t part = length_of_part(unfinished_);
      take(Block{std::string_view(unfinished_).substr(0, part), BlockEnd::cut});
      unfinished_.erase(0, part);
      return room + 1;
    }
    const std::size_t taken = newline == std::string_view::npos ? length : length + 1;
    unfinished_.append(chunk.substr(0, taken));
    if (taken > length) {
      take(Block{unfinished_, BlockEnd::newline});
      unfinished_.clear();
    }
    return taken;
  }

  enum class Rest : std::uint8_t { follows, none };

  template <typename Take>
  void cut_line(std::string_view text, Rest rest, Take& take) {
    while (text.size() > kLongestLine) {
      const std::size_t length = length_of_part(text);
      take(Line{text.substr(0, length), next_part(Rest::follows)});
      text.remove_prefix(length);
    }
    take(Line{text, next_part(rest)});
  }

  Part next_part(Rest rest) {
    const bool continues = std::exchange(inside_, rest == Rest::follows);
    if (rest == Rest::none) return continues ? Part::last : Part::whole;
    return continues ? Part::middle : Part::first;
  }

  std::string unfinished_;
  bool inside_ = false;  // of a line whose beginning was taken as a part
};

}  // namespace pid1::output
