#include "supervisor/output/file_sink.h"

#include <array>
#include <cerrno>

#include "supervisor/system/log_file.h"
#include "supervisor/system/text.h"

namespace pid1::output {

using std::chrono::milliseconds;
using std::chrono::seconds;

FileSink::FileSink(Loop& loop, FileOptions options, LossNote note, Compressor compressor,
                   Complaint complain)
    : Sink(options.limit, std::move(note)),
      options_(std::move(options)),
      complaint_(std::move(complain)),
      archive_(options_.path, options_.max_file - 1, std::move(compressor)),
      rotate_at_(options_.max_size),
      alarm_(loop.make_alarm([this] { flush(); })),
      backoff_(milliseconds(100), seconds(5)) {
  archive_.tidy();
  // Now, so that a path that can't be is told before the first line.
  if (const int error = open()) judge(error);
}

void FileSink::reopen() {
  fd_.reset();
  // Now: who has moved the file away looks for the new one.
  if (const int error = open()) judge(error);
  flush();
}

int FileSink::open() {
  if (fd_) return 0;
  system::LogFile file = system::open_log(options_.path.c_str());
  if (!file.fd) return file.error;
  fd_ = std::move(file.fd);
  size_ = file.size;
  interrupted_ = file.ends_within_line;
  within_line_ = false;
  rotate_at_ = options_.max_size;
  return 0;
}

// Whoever was interrupted there is not continued by us.
std::ptrdiff_t FileSink::end_interrupted_line() {
  if (!interrupted_) return 0;
  const std::ptrdiff_t written = append(std::array{std::string_view("\n")});
  interrupted_ = written <= 0;
  return std::min<std::ptrdiff_t>(written, 0);
}

std::ptrdiff_t FileSink::put(std::span<const std::string_view> pieces) {
  if (const int error = open()) return -error;
  if (const std::ptrdiff_t failed = end_interrupted_line()) return failed;
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (rotate_at_ == 0 || size_ + size <= rotate_at_) return append(pieces);
  return append_and_rotate(pieces.front());
}

std::ptrdiff_t FileSink::append(std::span<const std::string_view> pieces) {
  const ssize_t written = system::append_to_log(fd_.get(), pieces);
  if (written <= 0) return written;
  size_ += static_cast<std::uint64_t>(written);
  auto left = static_cast<std::size_t>(written);
  for (const std::string_view piece : pieces) {
    const std::size_t part = std::min(left, piece.size());
    if (part > 0) within_line_ = piece[part - 1] != '\n';
    left -= part;
  }
  backoff_.reset();
  complained_ = 0;
  return written;
}

// Up to where the file is full; what is left comes again.
std::ptrdiff_t FileSink::append_and_rotate(std::string_view text) {
  if (const std::size_t length = length_that_fits(text); length > 0) {
    return append(std::array{text.substr(0, length)});
  }
  if (const int error = rotate()) return -error;
  const std::size_t fits = length_that_fits(text);
  const std::size_t first_line = std::min(text.size(), text.find('\n')) + 1;
  return append(std::array{text.substr(0, fits > 0 ? fits : first_line)});
}

// Whole lines, or the rest of one that is in the file already.
std::size_t FileSink::length_that_fits(std::string_view text) const {
  const std::uint64_t room = rotate_at_ > size_ ? rotate_at_ - size_ : 0;
  const std::size_t fits = text.substr(0, room).rfind('\n');
  if (room >= text.size()) return text.size();
  if (fits != std::string_view::npos && room > 0) return fits + 1;
  if (!within_line_) return 0;
  const std::size_t newline = text.find('\n');
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

// Where it can't be done now, it is due again when the file has grown by another tenth. Whatever
// was done, the path says what is written.
int FileSink::rotate() {
  const int refused = archive_.rotate();
  if (refused != 0) complain("cannot rotate", refused);
  fd_.reset();
  if (const int error = open()) return error;
  if (refused != 0) rotate_at_ = size_ + options_.max_size / 10 + 1;
  return 0;
}

Sink::State FileSink::judge(int error) {
  complain("cannot write", error);
  return State::stalled;
}

void FileSink::await(State state) {
  switch (state) {
    case State::flowing: alarm_->cancel(); break;
    case State::waiting:
    case State::stalled: alarm_->set(backoff_.next()); break;
  }
}

void FileSink::complain(std::string_view what, int error) {
  if (complained_ == error) return;
  complained_ = error;
  const std::string why = error == ELOOP ? "it is a symbolic link, and none is followed there"
                                         : system::error_text(error);
  complaint_(std::string(what) + " " + options_.path + ": " + why);
}

}  // namespace pid1::output
