#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/output/line.h"

namespace pid1::output {

// What was written at one moment to one stream: whole lines with their newlines, a part of a long
// one, or a last one without a newline.
struct RecentText {
  Stream stream = Stream::out;
  Moment moment = {};
  std::string_view text = {};  // never empty
};

// The last lines of each service, in memory: for the message of its death, and for who asks later.
// A service has a ring of its own that grows up to `each`; all rings together take at most `total`
// bytes (what describes a text, 32 bytes, counts too). When that is reached, the largest ring gives
// half of its memory, its oldest lines, to one that is less than half of its size: who says much
// can't silence who says little. Once the rings have grown, nothing is allocated.
class RecentLines {
 public:
  RecentLines(std::size_t services, std::size_t each, std::size_t total);

  // Of a text that doesn't fit, the last lines that do.
  void add(std::size_t service, const RecentText& recent);

  // Calls take(RecentText) for each text of a service, the oldest first. Valid until the next
  // add().
  template <typename Take>
  void visit(std::size_t service, Take&& take) const {
    const Ring& ring = rings_[service];
    const auto visit_part = [&](std::size_t from, std::size_t to) {
      while (from < to) {
        const RecentText recent = text_at(ring, from);
        take(recent);
        from += kHeader + recent.text.size();
      }
    };
    visit_part(ring.begin, ring.wrapped ? ring.top : ring.end);
    if (ring.wrapped) visit_part(0, ring.end);
  }

  // The last `count` lines of a service, the oldest first, joined from their parts, without
  // newlines.
  std::vector<std::string> last(std::size_t service, std::size_t count) const;

  // Bytes that all rings take now.
  std::size_t memory() const { return memory_; }

 private:
  static constexpr std::size_t kHeader = 32;

  // Texts with a header before each, none of them torn: where one doesn't fit behind the newest, it
  // goes to the front, and the oldest make room for it.
  struct Ring {
    std::vector<char> bytes = {};  // as large as the ring
    std::size_t begin = 0;         // of the oldest
    std::size_t end = 0;           // of the newest
    std::size_t top = 0;           // wrapped: where the older ones end, which are behind the newer
    bool wrapped = false;
  };

  static RecentText text_at(const Ring& ring, std::size_t at);
  static bool put(Ring& ring, const RecentText& recent);
  static void drop_oldest(Ring& ring);
  static std::size_t used(const Ring& ring);
  std::string_view last_that_fit(std::string_view text) const;
  std::size_t make_room(Ring& ring, std::size_t size);
  bool afford(std::size_t capacity, const Ring& receiver);
  void resize(Ring& ring, std::size_t capacity);

  std::vector<Ring> rings_;
  const std::size_t each_;
  const std::size_t total_;
  std::size_t memory_ = 0;
};

}  // namespace pid1::output
