#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pid1::output {

// Bytes of whole lines that wait, first in, first out. The line at the front may be half gone
// already: what is left of it is never dropped, so that no line arrives torn. Keeps its memory.
class LineQueue {
 public:
  bool empty() const { return begin_ == bytes_.size(); }
  std::size_t size() const { return bytes_.size() - begin_; }

  // All of it, for as long as nothing is done to the queue.
  std::string_view front() const { return std::string_view(bytes_).substr(begin_); }
  // The front's first `count` bytes have gone.
  void consume(std::size_t count);

  void push(std::string_view lines);
  // What goes before all else; itself the rest of a line that has begun to go.
  void push_front(std::string_view torn);

  // What is left of a line whose beginning has gone; empty: the front begins with a line.
  std::string_view torn() const { return front().substr(0, length_of_torn()); }
  // Gives up that rest, or all. Returns how many lines that are.
  std::uint64_t drop_torn();
  std::uint64_t clear();

  // Gives an empty queue's memory back.
  void release();

  // Drops the oldest whole lines, as many as it takes to hold no more than `limit` bytes, or until
  // none is left that may go. Returns how many.
  std::uint64_t drop_to(std::size_t limit);

 private:
  std::size_t length_of_torn() const;

  std::string bytes_;
  std::size_t begin_ = 0;
  bool torn_ = false;  // the front has lost its line's beginning
};

}  // namespace pid1::output
