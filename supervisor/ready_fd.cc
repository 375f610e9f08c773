#include "supervisor/ready_fd.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "supervisor/system/pipe.h"

namespace pid1::supervisor {

void ReadyFd::watch(system::UniqueFd reading, std::function<void(Outcome)> told) {
  close();
  reading_ = std::move(reading);
  told_ = std::move(told);
  watch_.start(reading_.get(), [this] { read(); });
}

void ReadyFd::close() {
  watch_.stop();
  reading_.reset();
  told_ = nullptr;
}

// Once a turn: others have theirs however much the service writes.
void ReadyFd::read() {
  std::array<char, 4096> bytes;
  const ssize_t count = system::read_some(reading_.get(), bytes);
  if (count == -EAGAIN) return;
  if (count <= 0) return tell(Outcome::closed);
  const auto come = std::span(bytes).first(static_cast<std::size_t>(count));
  if (std::ranges::find(come, '\n') != come.end()) tell(Outcome::ready);
}

void ReadyFd::tell(Outcome outcome) {
  const auto told = std::move(told_);
  close();
  told(outcome);
}

}  // namespace pid1::supervisor
