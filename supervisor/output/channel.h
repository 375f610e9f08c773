#pragma once

#include <functional>
#include <memory>
#include <string>

#include "supervisor/output/format.h"
#include "supervisor/output/line_splitter.h"
#include "supervisor/output/recent_lines.h"
#include "supervisor/output/sink.h"

namespace pid1::output {

// What becomes of a service whose sink is congested.
enum class Mode : std::uint8_t {
  blocking,      // its pipe isn't read any more, until there is room
  non_blocking,  // its lines wait up to a limit, and then the oldest are lost
};

// Sees each line, and each part of a long one, of a stream. For `readiness: {log: …}`.
using LineListener = std::function<void(const Line&)>;

struct ChannelOptions {
  Origin origin = {};
  FormatOptions format = {};
  Mode mode = Mode::blocking;
  std::size_t max_buffer = std::size_t{1} << 20;  // bytes, of Mode::non_blocking
};

// One stream of a service, over all its incarnations: from bytes to lines in a sink. Every byte is
// looked at once, for the format, the listener and the last lines together.
class Channel final : private Waiter {
 public:
  // `sink` and `recent` may be null: then nobody takes the lines, or remembers them. `scratch` is
  // shared with other channels. All outlive this.
  Channel(ChannelOptions options, Sink* sink, RecentLines* recent, std::size_t recent_service,
          std::string& scratch);
  ~Channel() override;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Bytes of an incarnation, whose own splitter and id these are.
  void feed(LineSplitter& splitter, WriterId writer, const Moment& moment, std::string_view bytes);
  // A line, without its newline, of somebody who can't be made to wait: as of Mode::non_blocking.
  // Also from within a listener, or while another channel is fed.
  void add_line(WriterId writer, const Moment& moment, std::string_view text);
  // It has no more.
  void finish(LineSplitter& splitter, WriterId writer, const Moment& moment);

  // Whether nothing should be read for it now.
  bool blocked() const { return options_.mode == Mode::blocking && sink_congested(); }
  // Calls `waiter` when it should again; may be called early.
  void wait(Waiter& waiter);
  void forget(const Waiter& waiter);

  // Empty: nobody listens any more.
  void set_listener(LineListener listener) { listener_ = std::move(listener); }

  // Lines that a sink which was too slow has cost, of Mode::non_blocking.
  std::uint64_t lost_lines() const { return lost_lines_; }
  bool pending() const { return !backlog_.empty(); }

 private:
  void resume() override;
  bool sink_congested() const { return sink_ != nullptr && sink_->congested(); }
  void take(LineSplitter& splitter, WriterId writer, const Moment& moment, const Block& block);
  void take_lines(LineSplitter& splitter, WriterId writer, const Block& block);
  void emit(WriterId writer, std::string_view text);
  void offer(WriterId writer, std::string_view text);
  void emit_backlog();
  void note_loss();

  const ChannelOptions options_;
  const std::unique_ptr<Format> format_;  // null: raw
  Sink* const sink_;
  RecentLines* const recent_;
  const std::size_t recent_service_;
  std::string& scratch_;
  LineListener listener_;
  LineQueue backlog_;
  WriterId backlog_writer_ = 0;
  bool waiting_ = false;
  std::string line_;  // of add_line()
  std::uint64_t lost_unsaid_ = 0;
  std::uint64_t lost_lines_ = 0;
};

// A line of pid1's own in this format, such as "12 lines of web were lost here".
void append_note(Format* format, std::string_view text, std::string& result);

}  // namespace pid1::output
