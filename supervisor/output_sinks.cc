#include "supervisor/output_sinks.h"

#include <algorithm>
#include <variant>

#include "config/syslog_address.h"
#include "supervisor/output/channel.h"
#include "supervisor/system/output.h"

namespace pid1::supervisor {

namespace {

// Bytes of lines that wait while where they go can't be written to.
constexpr std::size_t kMostWaiting = std::size_t{1} << 20;

output::Transport transport_of(config::SyslogAddress::Transport transport) {
  switch (transport) {
    case config::SyslogAddress::Transport::local: return output::Transport::local;
    case config::SyslogAddress::Transport::udp: return output::Transport::udp;
    case config::SyslogAddress::Transport::tcp: return output::Transport::tcp;
  }
  return output::Transport::local;
}

output::SyslogAddress address_of(const Logging& logging) {
  if (logging.address.empty()) return {};
  // It was parsed before, or the plan would not be.
  auto parsed = std::get<config::SyslogAddress>(config::parse_syslog_address(logging.address));
  return {.transport = transport_of(parsed.transport),
          .host = std::move(parsed.host),
          .path = std::move(parsed.path),
          .port = parsed.port};
}

}  // namespace

output::FormatKind kind_of(LogFormat format) {
  switch (format) {
    case LogFormat::prefix: return output::FormatKind::prefix;
    case LogFormat::json: return output::FormatKind::json;
    case LogFormat::raw: return output::FormatKind::raw;
  }
  return output::FormatKind::raw;
}

OutputSinks::OutputSinks(output::Loop& loop, const Logging& own, StartCompression start_compression,
                         output::Complaint complain)
    : loop_(loop),
      own_format_(own.format),
      start_compression_(std::move(start_compression)),
      complain_(std::move(complain)) {}

std::array<output::Sink*, 2> OutputSinks::sinks_of(const Logging& logging) {
  switch (logging.driver) {
    case LogDriver::console:
    case LogDriver::inherit:
      if (!logging.attach) return {nullptr, nullptr};
      return {&console(1), &console(2)};
    case LogDriver::file: return {&file(logging), &file(logging)};
    case LogDriver::syslog: return {&syslog(logging), &syslog(logging)};
    case LogDriver::none: break;
  }
  return {nullptr, nullptr};
}

std::array<output::Reader, 2> OutputSinks::readers_of(const Logging& logging) const {
  std::array<output::Reader, 2> readers = {output::Reader::program, output::Reader::program};
  const bool shown = logging.driver == LogDriver::console || logging.driver == LogDriver::inherit;
  for (std::size_t i = 0; shown && i < readers.size(); ++i) {
    const auto& sink = consoles_[i] ? consoles_[i] : consoles_[0];
    if (sink) readers[i] = sink->reader();
  }
  return readers;
}

output::ConsoleSink& OutputSinks::console(int fd) {
  const bool is_one = fd == 2 && system::lead_to_the_same(1, 2);
  auto& sink = consoles_[is_one ? 0 : static_cast<std::size_t>(fd) - 1];
  if (!sink) {
    sink = std::make_unique<output::ConsoleSink>(loop_, is_one ? 1 : fd, kMostWaiting,
                                                 note_in(own_format_));
  }
  return *sink;
}

output::FileSink& OutputSinks::file(const Logging& logging) {
  auto& sink = files_[logging.path];
  if (sink) return *sink;
  output::Compressor compressor;
  if (logging.compress && start_compression_) {
    compressor = [this, path = logging.path](output::CompressRequest request) {
      const std::int32_t pid = start_compression_(std::move(request));
      if (pid > 0) compressions_.insert_or_assign(pid, path);
      return pid > 0;
    };
  }
  sink =
      std::make_unique<output::FileSink>(loop_,
                                         output::FileOptions{.path = logging.path,
                                                             .max_size = logging.max_size,
                                                             .max_file = logging.max_files,
                                                             .limit = kMostWaiting},
                                         note_in(logging.format), std::move(compressor), complain_);
  return *sink;
}

output::SyslogSink& OutputSinks::syslog(const Logging& logging) {
  auto& sink = servers_[logging.address];
  if (!sink) {
    sink = std::make_unique<output::SyslogSink>(
        loop_, output::SyslogOptions{.address = address_of(logging), .limit = kMostWaiting},
        note_in(LogFormat::raw), complain_);
  }
  return *sink;
}

// As one of pid1's own lines.
output::LossNote OutputSinks::note_in(LogFormat format) const {
  return [kind = kind_of(format)](std::uint64_t lost, std::string& text) {
    const auto form =
        output::make_format({.service = "pid1", .stream = output::Stream::err}, {.kind = kind});
    if (form) form->begin({.time = std::chrono::system_clock::now()});
    const std::string what = std::to_string(lost) + " lines of output were lost here";
    output::append_note(form.get(), form ? what : "pid1: " + what, text);
  };
}

void OutputSinks::reopen() {
  for (const auto& [path, sink] : files_) sink->reopen();
}

bool OutputSinks::compressed(std::int32_t pid, output::Compression result) {
  const auto found = compressions_.extract(pid);
  if (!found) return false;
  files_.at(found.mapped())->compressed(result);
  return true;
}

std::uint64_t OutputSinks::lost_lines() const {
  std::uint64_t lost = 0;
  for (const auto& sink : consoles_) lost += sink ? sink->counters().lost_lines : 0;
  for (const auto& [path, sink] : files_) lost += sink->counters().lost_lines;
  for (const auto& [address, sink] : servers_) lost += sink->counters().lost_lines;
  return lost;
}

bool OutputSinks::waits() const {
  const auto waits = [](const auto& each) { return each.second->waits(); };
  return std::ranges::any_of(consoles_, [](const auto& sink) { return sink && sink->waits(); }) ||
         std::ranges::any_of(files_, waits) || std::ranges::any_of(servers_, waits);
}

}  // namespace pid1::supervisor
