#include "supervisor/notify_message.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

#include "supervisor/system/text.h"

namespace pid1::supervisor {
namespace {

constexpr int kMaxErrno = 4095;  // the kernel's MAX_ERRNO

template <typename Number>
std::optional<Number> to_number(std::string_view text, Number least, Number most) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) return std::nullopt;
  return number;
}

// Longer than a Duration can say is as good as for ever.
std::optional<Duration> to_duration(std::string_view microseconds) {
  constexpr std::uint64_t most =
      static_cast<std::uint64_t>(std::numeric_limits<Duration::rep>::max()) / 1000;
  const auto count = to_number<std::uint64_t>(microseconds, 0, UINT64_MAX);
  if (!count) return std::nullopt;
  return Duration(static_cast<Duration::rep>(std::min(*count, most) * 1000));
}

std::string_view harmless(std::span<char> text, std::size_t limit) {
  const std::string_view cut = system::cut_text({text.data(), text.size()}, limit);
  system::make_harmless(text.first(cut.size()));
  return cut;
}

// False where the value isn't one that the field may have.
bool set_flag(NotifyMessage& message, std::string_view name, std::string_view value) {
  using State = NotifyMessage::State;
  if (value != "1") return false;
  if (name == "READY") message.state = State::ready;
  if (name == "RELOADING") message.state = State::reloading;
  if (name == "STOPPING") message.state = State::stopping;
  if (name == "BARRIER") message.barrier = true;
  if (name == "FDSTORE") message.wants_storage = true;
  return true;
}

bool set_watchdog(NotifyMessage& message, std::string_view value) {
  if (value == "1") message.watchdog = NotifyMessage::Watchdog::alive;
  if (value == "trigger") message.watchdog = NotifyMessage::Watchdog::trigger;
  return value == "1" || value == "trigger";
}

template <typename Value>
bool set(std::optional<Value>& field, std::optional<Value> value) {
  if (value) field = value;
  return value.has_value();
}

bool set_time(std::optional<Time>& field, std::string_view microseconds) {
  const std::optional<Duration> since_boot = to_duration(microseconds);
  if (since_boot) field = Time(*since_boot);
  return since_boot.has_value();
}

bool set_field(NotifyMessage& message, std::string_view name, std::span<char> text) {
  const std::string_view value(text.data(), text.size());
  for (const std::string_view flag : {"READY", "RELOADING", "STOPPING", "BARRIER", "FDSTORE"}) {
    if (name == flag) return set_flag(message, name, value);
  }
  if (name == "STATUS") message.status = harmless(text, NotifyMessage::max_status);
  if (name == "BUSERROR") message.bus_error = harmless(text, NotifyMessage::max_status);
  if (name == "WATCHDOG") return set_watchdog(message, value);
  if (name == "ERRNO") return set(message.error_number, to_number(value, 0, kMaxErrno));
  if (name == "MAINPID") return set(message.main_pid, to_number(value, 1, INT32_MAX));
  if (name == "WATCHDOG_USEC") return set(message.watchdog_limit, to_duration(value));
  if (name == "EXTEND_TIMEOUT_USEC") return set(message.extension, to_duration(value));
  if (name == "MONOTONIC_USEC") return set_time(message.reload_began, value);
  return true;
}

void take_line(NotifyMessage& message, std::span<char> line) {
  const auto equals = std::ranges::find(line, '=');
  if (equals == line.end()) return;
  const auto name_length = static_cast<std::size_t>(equals - line.begin());
  const bool valid = set_field(message, {line.data(), name_length}, line.subspan(name_length + 1));
  if (!valid && message.malformed.empty()) {
    message.malformed = harmless(line, NotifyMessage::max_status);
  }
}

}  // namespace

std::optional<NotifyMessage> parse_notify_message(std::span<char> datagram) {
  if (!datagram.empty() && datagram.back() == '\0') datagram = datagram.first(datagram.size() - 1);
  if (std::ranges::find(datagram, '\0') != datagram.end()) return std::nullopt;
  NotifyMessage message;
  while (!datagram.empty()) {
    const auto newline = std::ranges::find(datagram, '\n');
    const auto length = static_cast<std::size_t>(newline - datagram.begin());
    take_line(message, datagram.first(length));
    datagram = datagram.subspan(std::min(length + 1, datagram.size()));
  }
  if (!message.barrier) return message;
  NotifyMessage barrier;
  barrier.barrier = true;
  return barrier;
}

}  // namespace pid1::supervisor
