#include "supervisor/output/sink.h"

#include <algorithm>
#include <array>

#include "supervisor/system/writer.h"

namespace pid1::output {
namespace {

// So many are resumed in one turn of the loop.
constexpr std::size_t kMostResumed = 8;

std::size_t size_of(std::span<const std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  return size;
}

}  // namespace

void Sink::write(WriterId writer, std::span<const std::string_view> pieces) {
  if (size_of(pieces) == 0) return;
  std::array<std::string_view, system::kMostPieces> parts;
  std::size_t count = 0;
  if (unfinished_by_ != 0 && unfinished_by_ != writer) parts[count++] = "\n";
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) parts[count++] = piece;
  }
  const auto all = std::span<const std::string_view>(parts).first(count);
  const bool at_once = queue_.empty() && state_ == State::flowing && lost_unsaid_ == 0;
  const std::ptrdiff_t result = at_once ? put(all) : 0;
  const auto gone = static_cast<std::size_t>(std::max<std::ptrdiff_t>(result, 0));
  counters_.bytes += gone;
  const Begins begins = unfinished_by_ == writer ? Begins::within_line : Begins::line;
  if (gone < size_of(all)) keep(all, gone, begins);
  unfinished_by_ = parts[count - 1].ends_with('\n') ? 0 : writer;
}

// The first of what is kept may be the rest of a line that has begun to go.
void Sink::keep(std::span<const std::string_view> pieces, std::size_t gone, Begins begins) {
  bool torn = queue_.empty() && begins == Begins::within_line;
  for (std::string_view piece : pieces) {
    const std::size_t skipped = std::min(gone, piece.size());
    if (skipped > 0) torn = piece[skipped - 1] != '\n';
    gone -= skipped;
    piece.remove_prefix(skipped);
    if (piece.empty()) continue;
    if (torn && queue_.empty()) {
      queue_.push_front(piece);
    } else {
      queue_.push(piece);
    }
  }
  if (state_ == State::flowing) move_queue();
  if (state_ == State::stalled) lose(queue_.drop_to(limit_));
}

void Sink::flush() {
  move_queue();
  resume_waiters();
  if (state_ == State::flowing) await(waiters_.empty() ? State::flowing : State::waiting);
}

void Sink::move_queue() {
  while (!queue_.empty()) {
    const std::ptrdiff_t gone = move_some();
    if (gone > 0) {
      counters_.bytes += static_cast<std::uint64_t>(gone);
      continue;
    }
    const State state = judge(static_cast<int>(-gone));
    if (state == State::flowing) {
      lose(queue_.clear());
      break;
    }
    state_ = state;
    if (state == State::stalled) lose(queue_.drop_to(limit_));
    await(state);
    return;
  }
  // What had to wait for better times may have been much, and won't soon be again.
  if (state_ == State::stalled) queue_.release();
  if (state_ != State::flowing) await(State::flowing);
  state_ = State::flowing;
}

// A note of what was lost goes where it was lost: before the oldest line that is whole.
std::ptrdiff_t Sink::move_some() {
  const std::string_view torn = queue_.torn();
  if (lost_unsaid_ == 0 || !torn.empty()) {
    const std::array pieces = {lost_unsaid_ == 0 ? queue_.front() : torn};
    const std::ptrdiff_t gone = put(pieces);
    if (gone > 0) queue_.consume(static_cast<std::size_t>(gone));
    return gone;
  }
  text_.clear();
  note_(lost_unsaid_, text_);
  const std::array<std::string_view, 2> pieces = {text_, queue_.front()};
  const std::ptrdiff_t gone = put(pieces);
  if (gone <= 0) return gone;
  lost_unsaid_ = 0;
  const auto count = static_cast<std::size_t>(gone);
  if (count < text_.size()) {
    queue_.push_front(std::string_view(text_).substr(count));
  } else {
    queue_.consume(count - text_.size());
  }
  return gone;
}

void Sink::lose(std::uint64_t lines) {
  lost_unsaid_ += lines;
  counters_.lost_lines += lines;
}

void Sink::resume_waiters() {
  for (std::size_t i = 0; i < kMostResumed && !waiters_.empty() && !congested(); ++i) {
    Waiter* const waiter = waiters_.front();
    waiters_.erase(waiters_.begin());
    waiter->resume();
  }
}

void Sink::forget(const Waiter& waiter) {
  std::erase_if(waiters_, [&](const Waiter* known) { return known == &waiter; });
}

}  // namespace pid1::output
