#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "supervisor/read_watch.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// Reads what a probe or a hook writes, as fast as it does, and keeps the beginning or hands on each
// line. Bounded work a turn, and bounded memory. Reused.
class OutputCapture {
 public:
  static constexpr std::size_t max_text = 4096;  // bytes

  // A line without its newline; one longer than max_text comes in parts of that size. Leaves the
  // capture alone.
  using Line = std::function<void(std::string_view)>;

  explicit OutputCapture(boost::asio::io_context& loop) : watch_(loop) {}
  OutputCapture(const OutputCapture&) = delete;
  OutputCapture& operator=(const OutputCapture&) = delete;
  ~OutputCapture() { close(); }

  // Each takes the reading end of a pipe (system/pipe.h); one that is read still is closed first.
  void keep_beginning(system::UniqueFd reading);
  void hand_on_lines(system::UniqueFd reading, Line line);

  // After the writer's end: reads what it has left in the pipe (at most 64 KiB, which is what a
  // pipe holds), and closes it, whoever else still has it open; a line without a newline is one
  // too. Does nothing where end-of-file came first.
  void finish();
  // Reads no more. The text stays, a line without its newline is lost.
  void close();
  bool is_open() const { return reading_.get() >= 0; }

  // The first max_text bytes since keep_beginning(): any bytes.
  const std::string& text() const { return text_; }

 private:
  void start(system::UniqueFd reading);
  enum class Came { some, nothing, end };
  Came read();
  void take(std::string_view bytes);
  void split(std::string_view bytes);
  void end();

  ReadWatch watch_;
  system::UniqueFd reading_;
  Line line_;         // empty: the beginning is kept
  std::string text_;  // that, or the line so far
};

}  // namespace pid1::supervisor
