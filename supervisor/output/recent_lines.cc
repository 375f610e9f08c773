#include "supervisor/output/recent_lines.h"

#include <algorithm>
#include <cstring>

namespace pid1::output {
namespace {

constexpr std::size_t kSmallest = 1024;

// Small enough that dropping one loses little, large enough that its header costs nothing.
constexpr std::size_t kLongestText = 8192;

struct Header {
  WallTime time;
  std::size_t length;
  std::int32_t pid;
  Stream stream;
};

// Up to and with the last newline within `most` bytes, or all of them where there is none.
std::string_view lines_within(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  const std::size_t newline = text.substr(0, most).rfind('\n');
  return text.substr(0, newline == std::string_view::npos ? most : newline + 1);
}

}  // namespace

RecentLines::RecentLines(std::size_t services, std::size_t each, std::size_t total)
    : rings_(services), each_(std::max(each, kSmallest)), total_(total) {}

void RecentLines::add(std::size_t service, const RecentText& recent) {
  Ring& ring = rings_[service];
  for (std::string_view text = last_that_fit(recent.text); !text.empty();) {
    const std::size_t wanted = std::min({text.size(), kLongestText, each_ / 8});
    const std::size_t capacity = make_room(ring, kHeader + wanted);
    if (capacity <= kHeader) return;
    const std::string_view piece = lines_within(text, std::min(wanted, capacity - kHeader));
    while (!put(ring, {recent.stream, recent.moment, piece})) drop_oldest(ring);
    text.remove_prefix(piece.size());
  }
}

std::vector<std::string> RecentLines::last(std::size_t service, std::size_t count) const {
  std::vector<std::string> lines;
  std::string open[2];  // by stream: a line that goes on
  visit(service, [&](const RecentText& recent) {
    std::string& line = open[recent.stream == Stream::out ? 0 : 1];
    for (std::string_view text = recent.text; !text.empty();) {
      const std::size_t newline = text.find('\n');
      line.append(text.substr(0, newline));
      if (newline == std::string_view::npos) break;
      lines.push_back(std::move(line));
      line.clear();
      text.remove_prefix(newline + 1);
    }
  });
  for (std::string& line : open) {
    if (!line.empty()) lines.push_back(std::move(line));
  }
  const std::size_t surplus = lines.size() - std::min(lines.size(), count);
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(surplus));
  return lines;
}

std::string_view RecentLines::last_that_fit(std::string_view text) const {
  if (text.size() <= each_) return text;
  const std::size_t newline = text.find('\n', text.size() - each_);
  // Where no line begins so late, the end of the last one is better than nothing.
  const bool none = newline == std::string_view::npos || newline + 1 == text.size();
  return text.substr(none ? text.size() - each_ : newline + 1);
}

RecentText RecentLines::text_at(const Ring& ring, std::size_t at) {
  Header header;
  static_assert(sizeof header <= kHeader);
  std::memcpy(&header, ring.bytes.data() + at, sizeof header);
  return {.stream = header.stream,
          .moment = {.time = header.time, .pid = header.pid},
          .text = {ring.bytes.data() + at + kHeader, header.length}};
}

bool RecentLines::put(Ring& ring, const RecentText& recent) {
  const std::size_t size = kHeader + recent.text.size();
  if (!ring.wrapped && ring.end + size > ring.bytes.size()) {
    if (ring.begin == ring.end) {
      ring.begin = ring.end = 0;
    } else {
      ring.top = ring.end;
      ring.end = 0;
      ring.wrapped = true;
    }
  }
  if (ring.end + size > (ring.wrapped ? ring.begin : ring.bytes.size())) return false;
  const Header header = {.time = recent.moment.time,
                         .length = recent.text.size(),
                         .pid = recent.moment.pid,
                         .stream = recent.stream};
  std::memcpy(ring.bytes.data() + ring.end, &header, sizeof header);
  std::memcpy(ring.bytes.data() + ring.end + kHeader, recent.text.data(), recent.text.size());
  ring.end += size;
  return true;
}

void RecentLines::drop_oldest(Ring& ring) {
  ring.begin += kHeader + text_at(ring, ring.begin).text.size();
  if (!ring.wrapped || ring.begin < ring.top) return;
  ring.begin = 0;
  ring.wrapped = false;
}

std::size_t RecentLines::used(const Ring& ring) {
  return ring.wrapped ? ring.top - ring.begin + ring.end : ring.end - ring.begin;
}

// Lets the ring grow as far as it may for `size` bytes more; returns how large it is.
std::size_t RecentLines::make_room(Ring& ring, std::size_t size) {
  const std::size_t wanted = used(ring) + size;
  while (ring.bytes.size() < std::min(wanted, each_)) {
    const std::size_t capacity = std::clamp(ring.bytes.size() * 2, kSmallest, each_);
    if (!afford(capacity, ring)) break;
    resize(ring, capacity);
  }
  return ring.bytes.size();
}

// Whether `receiver` may have this capacity, if need be at the expense of the largest.
bool RecentLines::afford(std::size_t capacity, const Ring& receiver) {
  const std::size_t more = capacity - receiver.bytes.size();
  while (memory_ + more > total_) {
    Ring& largest =
        *std::ranges::max_element(rings_, {}, [](const Ring& r) { return r.bytes.size(); });
    if (largest.bytes.size() < 2 * capacity) return false;
    resize(largest, largest.bytes.size() / 2);
  }
  return true;
}

void RecentLines::resize(Ring& ring, std::size_t capacity) {
  while (used(ring) > capacity) drop_oldest(ring);
  std::vector<char> bytes(capacity);
  const std::size_t older = (ring.wrapped ? ring.top : ring.end) - ring.begin;
  std::copy_n(ring.bytes.begin() + static_cast<std::ptrdiff_t>(ring.begin), older, bytes.begin());
  if (ring.wrapped) {
    std::copy_n(ring.bytes.begin(), ring.end, bytes.begin() + static_cast<std::ptrdiff_t>(older));
  }
  memory_ = memory_ - ring.bytes.size() + capacity;
  ring.end = used(ring);
  ring.begin = 0;
  ring.wrapped = false;
  ring.bytes.swap(bytes);
}

}  // namespace pid1::output
