#include "supervisor/output/line_queue.h"

#include <algorithm>

namespace pid1::output {
namespace {

std::uint64_t count_lines(std::string_view text) {
  const auto newlines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
  return newlines + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

}  // namespace

void LineQueue::consume(std::size_t count) {
  if (count == 0) return;
  begin_ += count;
  torn_ = bytes_[begin_ - 1] != '\n';
  if (!empty()) return;
  bytes_.clear();
  begin_ = 0;
}

void LineQueue::release() {
  if (empty()) std::string().swap(bytes_);
}

// What is consumed is removed when it is as much as what is left: each byte moves once at the most.
void LineQueue::push(std::string_view lines) {
  if (begin_ > 0 && begin_ >= size()) {
    bytes_.erase(0, begin_);
    begin_ = 0;
  }
  bytes_.append(lines);
}

std::uint64_t LineQueue::drop_to(std::size_t limit) {
  if (size() <= limit) return 0;
  const std::size_t kept = length_of_torn();
  const std::size_t first = begin_ + kept;
  const std::size_t surplus = std::min(size() - limit, bytes_.size() - first);
  if (surplus == 0) return 0;
  const std::size_t newline = bytes_.find('\n', first + surplus - 1);
  const std::size_t after = newline == std::string::npos ? bytes_.size() : newline + 1;
  const std::uint64_t lines = count_lines(std::string_view(bytes_).substr(first, after - first));
  std::copy_backward(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                     bytes_.begin() + static_cast<std::ptrdiff_t>(first),
                     bytes_.begin() + static_cast<std::ptrdiff_t>(after));
  begin_ = after - kept;
  return lines;
}

void LineQueue::push_front(std::string_view torn) {
  bytes_.replace(0, begin_, torn);
  begin_ = 0;
  torn_ = true;
}

std::uint64_t LineQueue::drop_torn() {
  const std::size_t length = length_of_torn();
  consume(length);
  torn_ = false;
  return length > 0 ? 1 : 0;
}

std::uint64_t LineQueue::clear() {
  const std::uint64_t lines = count_lines(front());
  consume(size());
  torn_ = false;
  return lines;
}

std::size_t LineQueue::length_of_torn() const {
  if (!torn_) return 0;
  const std::size_t newline = bytes_.find('\n', begin_);
  return newline == std::string::npos ? size() : newline + 1 - begin_;
}

}  // namespace pid1::output
