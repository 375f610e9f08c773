#pragma once

#include <cerrno>
#include <string>

#include "supervisor/output/sink.h"
#include "tests/system/manual_loop.h"

namespace pid1::output::testing {

// A sink whose reader takes so many bytes, and then no more until the test says so.
class MemorySink final : public Sink {
 public:
  MemorySink() : Sink(1000, note_loss) {}

  const std::string& text() const { return text_; }
  void clear() { text_.clear(); }

  void set_room(std::size_t bytes) {
    room_ = bytes;
    flush();
  }

 protected:
  std::ptrdiff_t put(std::span<const std::string_view> pieces) override {
    if (room_ == 0) return -EAGAIN;
    std::ptrdiff_t taken = 0;
    for (const std::string_view piece : pieces) {
      const std::string_view part = piece.substr(0, room_);
      text_ += part;
      room_ -= part.size();
      taken += static_cast<std::ptrdiff_t>(part.size());
    }
    return taken;
  }
  State judge(int) override { return State::waiting; }
  void await(State) override {}

 private:
  std::size_t room_ = ~std::size_t{0};
  std::string text_;
};

}  // namespace pid1::output::testing
