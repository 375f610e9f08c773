#pragma once

#include <cstddef>
#include <vector>

namespace pid1::supervisor {

// First in, first out. Keeps its memory: once it has held as many items as it ever will, it
// allocates nothing, unlike std::deque.
template <typename T>
class Queue {
 public:
  bool empty() const { return head_ == items_.size(); }

  void push(const T& item) { items_.push_back(item); }

  // Not empty.
  T pop() {
    const T item = items_[head_++];
    if (empty()) {
      items_.clear();
      head_ = 0;
    }
    return item;
  }

 private:
  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace pid1::supervisor
