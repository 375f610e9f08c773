#include "supervisor/output_capture.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "supervisor/system/pipe.h"

namespace pid1::supervisor {
namespace {

constexpr std::size_t kReadSize = 4096;
constexpr std::size_t kReadsAtTheEnd = 16;

}  // namespace

void OutputCapture::keep_beginning(system::UniqueFd reading) {
  line_ = nullptr;
  start(std::move(reading));
}

void OutputCapture::hand_on_lines(system::UniqueFd reading, Line line) {
  line_ = std::move(line);
  start(std::move(reading));
}

void OutputCapture::start(system::UniqueFd reading) {
  close();
  text_.clear();
  reading_ = std::move(reading);
  // Once a turn: others have theirs however much is written.
  watch_.start(reading_.get(), [this] {
    if (read() == Came::end) end();
  });
}

void OutputCapture::finish() {
  if (!is_open()) return;
  for (std::size_t i = 0; i < kReadsAtTheEnd && read() == Came::some; ++i) continue;
  end();
}

void OutputCapture::close() {
  watch_.stop();
  reading_.reset();
}

void OutputCapture::end() {
  close();
  if (line_ && !text_.empty()) line_(std::exchange(text_, {}));
}

OutputCapture::Came OutputCapture::read() {
  std::array<char, kReadSize> bytes;
  const ssize_t count = system::read_some(reading_.get(), bytes);
  if (count == -EAGAIN) return Came::nothing;
  if (count <= 0) return Came::end;
  take({bytes.data(), static_cast<std::size_t>(count)});
  return Came::some;
}

void OutputCapture::take(std::string_view bytes) {
  if (line_) return split(bytes);
  text_ += bytes.substr(0, max_text - text_.size());
}

void OutputCapture::split(std::string_view bytes) {
  while (!bytes.empty()) {
    const bool is_complete = bytes.front() == '\n';
    if (is_complete || text_.size() == max_text) {
      line_(text_);
      text_.clear();
    }
    if (is_complete) bytes.remove_prefix(1);
    const std::string_view part =
        bytes.substr(0, std::min(bytes.find('\n'), max_text - text_.size()));
    text_ += part;
    bytes.remove_prefix(part.size());
  }
}

}  // namespace pid1::supervisor
