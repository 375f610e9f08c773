#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/output/line_queue.h"

namespace pid1::output {

// Waits for a sink that is congested.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // It isn't any more. May write to it, and wait again.
  virtual void resume() = 0;
};

// Appends a line that says how many were lost.
using LossNote = std::function<void(std::uint64_t lost, std::string& text)>;

// Who wrote: never 0, and another for another stream or incarnation.
using WriterId = std::uint64_t;

struct SinkCounters {
  std::uint64_t bytes = 0;       // that went
  std::uint64_t lost_lines = 0;  // that never will
};

// Where lines go. A write never blocks and never fails: what doesn't go at once waits here. A slow
// reader makes the sink congested, and then who can wait should read no more for it until resumed.
// A reader that can't be written to at all for some time (a full disk, a server that is away) does
// not: services must go on, so the oldest whole lines beyond a limit are lost, and a note says how
// many when it flows again.
class Sink {
 public:
  // `limit`: bytes that wait at the most while nothing can be written.
  Sink(std::size_t limit, LossNote note) : limit_(limit), note_(std::move(note)) {}
  virtual ~Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  // Whole lines or parts of one, in fewer than system::kMostPieces pieces. Where somebody else's
  // line isn't finished, a newline comes before.
  void write(WriterId writer, std::span<const std::string_view> pieces);

  bool congested() const { return state_ == State::waiting && queue_.size() >= kHighWater; }
  // Waiters are resumed in the order of their coming, one after the other while there is room.
  void wait(Waiter& waiter) { waiters_.push_back(&waiter); }
  void forget(const Waiter& waiter);

  bool pending() const { return !queue_.empty(); }
  // Lines wait for a reader who is there, and slow.
  bool waits() const { return pending() && state_ == State::waiting; }
  const SinkCounters& counters() const { return counters_; }

 protected:
  // Above it, a sink that waits for its reader is congested.
  static constexpr std::size_t kHighWater = std::size_t{256} << 10;

  enum class State : std::uint8_t {
    flowing,
    waiting,  // for the reader, who will call
    stalled,  // for better times
  };

  // Writes what goes now. Returns how many bytes went, more than none, which may end within a
  // line; or -errno. At most system::kMostPieces, which are read no more after it returned.
  virtual std::ptrdiff_t put(std::span<const std::string_view> pieces) = 0;
  // What an error means: waiting or stalled; flowing: nobody will ever read this, it is lost.
  virtual State judge(int error) = 0;
  // Has the sink call flush() when it may flow again.
  virtual void await(State state) = 0;

  // Tries to write what waits, then resumes who waits.
  void flush();
  // What has begun to go is lost with its reader; the next one begins with a whole line.
  void abandon_torn() { lose(queue_.drop_torn()); }

 private:
  enum class Begins : std::uint8_t { line, within_line };
  void keep(std::span<const std::string_view> pieces, std::size_t gone, Begins begins);
  void move_queue();
  std::ptrdiff_t move_some();
  void lose(std::uint64_t lines);
  void resume_waiters();

  const std::size_t limit_;
  const LossNote note_;
  State state_ = State::flowing;
  LineQueue queue_;
  std::vector<Waiter*> waiters_;
  std::string text_;               // of a note
  std::uint64_t lost_unsaid_ = 0;  // lines that no note has told of
  WriterId unfinished_by_ = 0;     // who wrote a line's beginning last; 0: nobody
  SinkCounters counters_;
};

}  // namespace pid1::output
