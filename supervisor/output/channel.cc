#include "supervisor/output/channel.h"

#include <array>

namespace pid1::output {
namespace {

// Formatted text goes in blocks of about this size.
constexpr std::size_t kBlock = std::size_t{64} << 10;

}  // namespace

Channel::Channel(ChannelOptions options, Sink* sink, RecentLines* recent,
                 std::size_t recent_service, std::string& scratch)
    : options_(std::move(options)),
      format_(make_format(options_.origin, options_.format)),
      sink_(sink),
      recent_(recent),
      recent_service_(recent_service),
      scratch_(scratch) {}

Channel::~Channel() {
  if (sink_ != nullptr) sink_->forget(*this);
}

void Channel::feed(LineSplitter& splitter, WriterId writer, const Moment& moment,
                   std::string_view bytes) {
  if (format_ != nullptr) format_->begin(moment);
  scratch_.clear();
  splitter.feed(bytes, [&](const Block& block) { take(splitter, writer, moment, block); });
  emit(writer, scratch_);
}

void Channel::finish(LineSplitter& splitter, WriterId writer, const Moment& moment) {
  if (format_ != nullptr) format_->begin(moment);
  scratch_.clear();
  splitter.finish([&](const Block& block) { take(splitter, writer, moment, block); });
  emit(writer, scratch_);
}

void Channel::add_line(WriterId writer, const Moment& moment, std::string_view text) {
  line_.assign(text).push_back('\n');
  if (recent_ != nullptr) {
    recent_->add(recent_service_,
                 {.stream = options_.origin.stream, .moment = moment, .text = line_});
  }
  if (format_ != nullptr) {
    line_.clear();
    format_->begin(moment);
    format_->append({.text = text}, line_);
  }
  offer(writer, line_);
}

void Channel::wait(Waiter& waiter) {
  if (sink_ != nullptr) sink_->wait(waiter);
}

void Channel::forget(const Waiter& waiter) {
  if (sink_ != nullptr) sink_->forget(waiter);
}

void Channel::take(LineSplitter& splitter, WriterId writer, const Moment& moment,
                   const Block& block) {
  if (recent_ != nullptr) {
    recent_->add(recent_service_,
                 {.stream = options_.origin.stream, .moment = moment, .text = block.text});
  }
  if (format_ == nullptr) emit(writer, block.text);
  if (listener_ || (format_ != nullptr && sink_ != nullptr)) take_lines(splitter, writer, block);
}

void Channel::take_lines(LineSplitter& splitter, WriterId writer, const Block& block) {
  splitter.cut(block, [&](const Line& line) {
    if (format_ != nullptr && sink_ != nullptr) {
      format_->append(line, scratch_);
      // Before what the listener has to say of it.
      if (listener_ || scratch_.size() >= kBlock) {
        emit(writer, scratch_);
        scratch_.clear();
      }
    }
    if (listener_) listener_(line);
  });
}

void Channel::emit(WriterId writer, std::string_view text) {
  if (sink_ == nullptr || text.empty()) return;
  switch (options_.mode) {
    case Mode::blocking: sink_->write(writer, std::array{text}); return;
    case Mode::non_blocking: return offer(writer, text);
  }
}

void Channel::offer(WriterId writer, std::string_view text) {
  if (sink_ == nullptr || text.empty()) return;
  if (backlog_.empty() && !sink_->congested()) {
    sink_->write(writer, std::array{text});
    return;
  }
  backlog_.push(text);
  backlog_writer_ = writer;
  const std::uint64_t lost = backlog_.drop_to(options_.max_buffer);
  lost_unsaid_ += lost;
  lost_lines_ += lost;
  if (!waiting_) sink_->wait(*this);
  waiting_ = true;
}

void Channel::resume() {
  waiting_ = false;
  note_loss();
  while (!backlog_.empty() && !sink_->congested()) emit_backlog();
  if (backlog_.empty()) {
    backlog_.release();
    return;
  }
  waiting_ = true;
  sink_->wait(*this);
}

// Up to a block of whole lines, or one that is longer.
void Channel::emit_backlog() {
  const std::string_view waiting = backlog_.front();
  std::size_t length = waiting.size();
  if (length > kBlock) {
    const std::size_t before = waiting.substr(0, kBlock).rfind('\n');
    const std::size_t newline = before != std::string_view::npos ? before : waiting.find('\n');
    if (newline != std::string_view::npos) length = newline + 1;
  }
  sink_->write(backlog_writer_, std::array{waiting.substr(0, length)});
  backlog_.consume(length);
}

void Channel::note_loss() {
  if (lost_unsaid_ == 0 || !backlog_.torn().empty()) return;
  std::string note;
  append_note(format_.get(),
              "pid1: " + std::to_string(lost_unsaid_) + " lines of " + options_.origin.service +
                  " were lost here: they were not read in time",
              note);
  lost_unsaid_ = 0;
  // Of nobody: what is unfinished there gets its newline.
  sink_->write(~WriterId{0}, std::array{std::string_view(note)});
}

void append_note(Format* format, std::string_view text, std::string& result) {
  if (format != nullptr) {
    format->append({.text = text}, result);
  } else {
    result.append(text).push_back('\n');
  }
}

}  // namespace pid1::output
