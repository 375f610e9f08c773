#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::supervisor {

enum class LogLevel { debug, info, warning, error };

// "debug", "info", "warning" (or "warn"), "error".
std::optional<LogLevel> parse_log_level(std::string_view text);

// Where pid1's own lines go. write() never blocks; it returns how many bytes were taken.
class LogOutput {
 public:
  virtual ~LogOutput() = default;
  virtual std::size_t write(std::string_view bytes) = 0;
};

// Standard error, from the first line on through a description of our own where it can be reopened
// (O_NONBLOCK is shared through dup and fork, so the one that the services have must not get it).
std::unique_ptr<LogOutput> standard_error();

// What stands before a message, by its level.
using LogPrefixes = std::array<std::string, 4>;
LogPrefixes own_prefixes();  // "pid1: "

// pid1's own messages: one line each, `pid1: MESSAGE`, control characters made harmless. A reader
// that stopped reading costs lines, which are counted and reported, but never time: what can't be
// written waits in a bounded buffer (64 KiB) for flush().
class Log {
 public:
  Log(std::unique_ptr<LogOutput> output, LogLevel level, LogPrefixes prefixes = own_prefixes());
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool enabled(LogLevel level) const { return level >= level_; }
  void write(LogLevel level, std::string_view message);
  // Whatever the level: the last line, and what a person asked for.
  void always(std::string_view message);

  // From now on each line goes there, without a newline; what waits here is lost where it can't be
  // written now. With null, back to the output.
  using Take = std::function<void(std::string_view line)>;
  void divert(Take take, LogPrefixes prefixes);

  // Lines wait for a reader.
  bool pending() const;
  void flush();

 private:
  class Impl;
  void begin();
  void put(LogLevel level, std::string_view message);

  LogLevel level_;
  LogPrefixes prefixes_;
  std::unique_ptr<LogOutput> output_;
  std::unique_ptr<Impl> impl_;  // made at the first line: most programs never need one
};

}  // namespace pid1::supervisor
