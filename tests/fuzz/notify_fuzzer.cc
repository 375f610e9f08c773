// A datagram of a service, which may hold anything.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "supervisor/notify_message.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void require_harmless(std::string_view text, const std::string& datagram) {
  require(text.size() <= NotifyMessage::max_status);
  require(text.find('\n') == std::string_view::npos);
  require(text.empty() || (text.data() >= datagram.data() &&
                           text.data() + text.size() <= datagram.data() + datagram.size()));
  std::string again(text);
  system::make_harmless(again);
  require(again == text);
}

void read(std::string_view bytes) {
  std::string datagram(bytes);
  const auto message = parse_notify_message(datagram);
  require(datagram.size() == bytes.size());
  if (!message) return require(bytes.find('\0') < bytes.size());
  require_harmless(message->status.value_or(""), datagram);
  require_harmless(message->bus_error, datagram);
  require_harmless(message->malformed, datagram);
  require(message->main_pid.value_or(1) > 0);
  require(message->error_number.value_or(0) >= 0 && message->error_number.value_or(0) <= 4095);
  require(message->watchdog_limit.value_or(Duration{}) >= Duration{});
  require(message->extension.value_or(Duration{}) >= Duration{});
  require(message->reload_began.value_or(Time{}) >= Time{});
  // What was made harmless says the same again.
  const auto again = parse_notify_message(datagram);
  require(again && *again == *message);
}

}  // namespace
}  // namespace pid1::supervisor

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  pid1::supervisor::read({reinterpret_cast<const char*>(data), size});
  return 0;
}
