#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "supervisor/output/rotation.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::output {

// A file that is to be compressed (system/gzip.h) by a process with low priority, which needs
// nothing but these two descriptors, and knows no name: those may change meanwhile.
struct CompressRequest {
  system::UniqueFd from = {};
  system::UniqueFd to = {};
};

// Starts that process. False: it can't be started now. Afterwards LogArchive::compressed() is told.
using Compressor = std::function<bool(CompressRequest)>;

enum class Compression { succeeded, failed };

// The full files behind one log file: path.1, path.2 …, the newest first. What is on the disk is
// looked up whenever it matters, so that a pid1 that was killed in the middle is continued: a
// rotation done in part leaves a gap; a compression done in part a `path.gz.part`, which is made
// anew; one whose plain file was not removed yet is finished. No line is lost or doubled.
class LogArchive {
 public:
  // `most`: how many full files are kept. Without a compressor they stay plain.
  LogArchive(std::string path, std::size_t most, Compressor compressor);

  // Removes what an earlier pid1 left unfinished, and compresses what it left plain.
  void tidy();

  // Makes the file that is written the newest full one. 0 or errno; then nothing is lost, and it
  // may be tried again.
  int rotate();

  // The compression that was requested last has ended.
  void compressed(Compression result);

 private:
  std::vector<Kept> look() const;
  Kept at(std::size_t place) const;
  int move(const Move& move) const;
  void compress_next();
  std::string part() const { return path_ + ".gz.part"; }

  const std::string path_;
  const std::size_t most_;
  const Compressor compressor_;
  bool compressing_ = false;
  std::size_t source_ = 0;  // where what is being compressed is now; 0: it has gone meanwhile
};

}  // namespace pid1::output
