#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "services/spec.h"

namespace pid1::supervisor {

// What a service says about itself, one datagram of sd_notify(3). Views point into the datagram.
// Where a field is repeated, its last value counts.
struct NotifyMessage {
  enum class State { unchanged, ready, reloading, stopping };
  enum class Watchdog { silent, alive, trigger };

  static constexpr std::size_t max_status = 1024;  // bytes

  State state = State::unchanged;          // READY=1, RELOADING=1, STOPPING=1
  Watchdog watchdog = Watchdog::silent;    // WATCHDOG=1, WATCHDOG=trigger
  std::optional<Duration> watchdog_limit;  // WATCHDOG_USEC: instead of the configured one; 0: none
  std::optional<Duration> extension;       // EXTEND_TIMEOUT_USEC: from now on
  std::optional<Time> reload_began;        // MONOTONIC_USEC, with RELOADING=1
  std::optional<std::int32_t> main_pid;    // MAINPID: 1 or higher; nobody has checked whose it is
  std::optional<int> error_number;         // ERRNO: an errno value; 0: none
  std::string_view bus_error;              // BUSERROR: a D-Bus error's name, harmless to print
  // STATUS: for people; harmless to print, at most max_status bytes. Empty: it has none any more.
  std::optional<std::string_view> status;
  bool barrier = false;        // BARRIER=1; nothing else counts then
  bool wants_storage = false;  // FDSTORE=1: descriptors to be kept, which we don't
  // The first known field whose value isn't one: "MAINPID=x", harmless to print. Such a field is
  // left out, those beside it are not. Fields of other names mean nothing (NOTIFYACCESS, FDNAME,
  // EXIT_STATUS, X_ and what is yet to come).
  std::string_view malformed;

  bool operator==(const NotifyMessage&) const = default;
};

// What the message says, or nothing where it is none: it holds a null byte before its last. Any
// bytes will do. Those of its texts that aren't harmless are replaced where they are.
std::optional<NotifyMessage> parse_notify_message(std::span<char> datagram);

}  // namespace pid1::supervisor
