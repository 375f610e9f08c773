#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "services/spec.h"
#include "supervisor/output/console_sink.h"
#include "supervisor/output/file_sink.h"
#include "supervisor/output/format.h"
#include "supervisor/output/syslog_sink.h"

namespace pid1::supervisor {

// Starts a process that compresses one file into another; its pid, or 0 where it can't be now.
// Whoever reaps that process tells OutputSinks::compressed().
using StartCompression = std::function<std::int32_t(output::CompressRequest)>;

// Where lines go: pid1's own standard output and error, each file once however many services write
// to it, and each syslog server. Made as they are asked for.
class OutputSinks {
 public:
  // `own`: of pid1's messages, whose format the notes of lost lines have. `loop` outlives this;
  // `complain` is called from within writes, and must not write itself.
  OutputSinks(output::Loop& loop, const Logging& own, StartCompression start_compression,
              output::Complaint complain);

  // Of standard output and standard error; null: nowhere.
  std::array<output::Sink*, 2> sinks_of(const Logging& logging);

  // What reads the lines of stdout and stderr of this logging.
  std::array<output::Reader, 2> readers_of(const Logging& logging) const;

  // Another program has moved the files away: opens them anew.
  void reopen();

  // Whether `pid` was a compression's, whose end is dealt with then.
  bool compressed(std::int32_t pid, output::Compression result);

  // Lines that could not be written anywhere.
  std::uint64_t lost_lines() const;

  // Lines wait for a reader that is slow. Those for one that can't be written to at all (a full
  // disk) don't count.
  bool waits() const;

 private:
  // One for both where they are the same pipe or terminal: else one could tear the other's lines.
  output::ConsoleSink& console(int fd);
  output::FileSink& file(const Logging& logging);
  output::SyslogSink& syslog(const Logging& logging);
  output::LossNote note_in(LogFormat format) const;

  output::Loop& loop_;
  const LogFormat own_format_;
  const StartCompression start_compression_;
  const output::Complaint complain_;
  std::array<std::unique_ptr<output::ConsoleSink>, 2> consoles_;
  std::map<std::string, std::unique_ptr<output::FileSink>> files_;      // by path
  std::map<std::string, std::unique_ptr<output::SyslogSink>> servers_;  // by address
  std::map<std::int32_t, std::string> compressions_;                    // path by pid
};

output::FormatKind kind_of(LogFormat format);

}  // namespace pid1::supervisor
