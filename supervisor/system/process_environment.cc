#include "supervisor/system/process_environment.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

#include "supervisor/system/unique_fd.h"
#include "supervisor/system/wait.h"

namespace pid1::system {
namespace {

constexpr std::size_t kMaxValue = 255;
constexpr std::size_t kMaxEnvironment = 256 << 10;

// Looks at one variable after the other, as the bytes come, and keeps no more of each than can
// matter.
class VariableSearch {
 public:
  explicit VariableSearch(std::string_view name) : name_(name) {}

  // Whether the variable is there with all its value.
  bool find_in(std::string_view bytes) {
    for (const char byte : bytes) {
      if (byte == '\0') {
        if (is_found()) return true;
        size_ = 0;
      } else {
        if (size_ < kept_.size()) kept_[size_] = byte;
        ++size_;
      }
    }
    return false;
  }

  std::string_view value() const {
    return std::string_view(kept_.data(), size_).substr(name_.size() + 1);
  }

 private:
  bool is_found() const {
    if (size_ > kept_.size() || size_ <= name_.size() || kept_[name_.size()] != '=') return false;
    return std::string_view(kept_.data(), name_.size()) == name_ &&
           size_ - name_.size() - 1 <= kMaxValue;
  }

  std::string_view name_;
  std::array<char, 512> kept_;
  std::size_t size_ = 0;
};

// In the child. Writes the value with a byte before it, so that an empty one is something too.
void tell_value(std::int32_t pid, std::string_view name, int to) {
  std::array<char, 32> path;
  std::snprintf(path.data(), path.size(), "/proc/%d/environ", pid);
  const UniqueFd file(::open(path.data(), O_RDONLY | O_CLOEXEC));
  VariableSearch search(name);
  std::array<char, 4096> bytes;
  for (std::size_t total = 0; total < kMaxEnvironment;) {
    const ssize_t count = ::read(file.get(), bytes.data(), bytes.size());
    if (count <= 0) return;
    total += static_cast<std::size_t>(count);
    if (!search.find_in({bytes.data(), static_cast<std::size_t>(count)})) continue;
    const std::string_view value = search.value();
    bytes[0] = '=';
    std::ranges::copy(value, bytes.begin() + 1);
    [[maybe_unused]] const ssize_t written = ::write(to, bytes.data(), value.size() + 1);
    return;
  }
}

bool becomes_readable(int fd, std::chrono::milliseconds patience) {
  struct pollfd wanted = {.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(patience.count())) == 1;
}

}  // namespace

std::optional<std::string> environment_of(std::int32_t pid, std::string_view name,
                                          std::chrono::milliseconds patience) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const pid_t child = ::_Fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    tell_value(pid, name, writing.get());
    ::_exit(0);
  }
  writing.reset();
  if (!becomes_readable(reading.get(), patience)) {
    ::kill(child, SIGKILL);
    return std::nullopt;
  }
  std::array<char, kMaxValue + 1> told;
  const ssize_t count = ::read(reading.get(), told.data(), told.size());
  await_end(child);
  if (count <= 0) return std::nullopt;
  return std::string(told.data() + 1, static_cast<std::size_t>(count) - 1);
}

}  // namespace pid1::system
