#pragma once

#include "supervisor/output/log_archive.h"
#include "supervisor/output/loop.h"
#include "supervisor/output/sink.h"

namespace pid1::output {

struct FileOptions {
  std::string path = {};
  std::uint64_t max_size = 0;  // bytes; 0: without limit
  std::size_t max_file = 1;    // files in all, the one that is written among them; at least 1
  std::size_t limit = std::size_t{1} << 20;  // bytes that wait while nothing can be written
};

// What a person should know, such as "cannot write /var/log/web: No space left on device". Once
// for each reason, until it works again.
using Complaint = std::function<void(const std::string& text)>;

// A log file that is rotated between lines when it is full. No line is torn, lost or doubled, also
// where pid1 was killed in between; a longer line than max_size has a file of its own. A full disk,
// a folder that isn't there (yet), a limit on the file's size: the newest lines wait, it is tried
// again with growing pauses, and nobody else notices. A rotation that fails is put off: a log that
// is too long is better than none.
class FileSink final : public Sink {
 public:
  FileSink(Loop& loop, FileOptions options, LossNote note, Compressor compressor,
           Complaint complain);

  // Another program has renamed or removed the file (logrotate): opens the path anew.
  void reopen();

  void compressed(Compression result) { archive_.compressed(result); }

 protected:
  std::ptrdiff_t put(std::span<const std::string_view> pieces) override;
  State judge(int error) override;
  void await(State state) override;

 private:
  int open();
  std::ptrdiff_t end_interrupted_line();
  std::ptrdiff_t append(std::span<const std::string_view> pieces);
  std::ptrdiff_t append_and_rotate(std::string_view text);
  std::size_t length_that_fits(std::string_view text) const;
  int rotate();
  void complain(std::string_view what, int error);

  const FileOptions options_;
  const Complaint complaint_;
  LogArchive archive_;
  system::UniqueFd fd_;
  std::uint64_t size_ = 0;
  std::uint64_t rotate_at_ = 0;  // bytes; 0: never
  bool within_line_ = false;
  bool interrupted_ = false;  // somebody before us left an unfinished line
  int complained_ = 0;        // errno
  std::unique_ptr<Alarm> alarm_;
  Backoff backoff_;
};

}  // namespace pid1::output
