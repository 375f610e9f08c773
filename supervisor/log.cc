#include "supervisor/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <cerrno>

#include "config/diagnostic.h"
#include "supervisor/system/output.h"

namespace pid1::supervisor {

namespace {

constexpr std::size_t kMostBuffered = 64u << 10;

class StandardError final : public LogOutput {
 public:
  std::size_t write(std::string_view bytes) override {
    if (!own_) own_ = system::reopen_for_writing(2);
    const auto taken = system::write_without_blocking(own_->get() >= 0 ? own_->get() : 2, bytes);
    if (taken >= 0) return static_cast<std::size_t>(taken);
    // A reader that went away for good (EPIPE) leaves nobody to keep lines for.
    return taken == -EAGAIN ? 0 : bytes.size();
  }

 private:
  std::optional<system::UniqueFd> own_;  // from the first line on; empty where there can't be one
};

// Keeps whole lines in their order; drops the newest when full, so that what led to a blockage
// stays.
class BoundedSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit BoundedSink(std::unique_ptr<LogOutput> output) : output_(std::move(output)) {}

  bool pending() const { return !waiting_.empty() || dropped_ > 0; }
  void divert(Log::Take take) { take_ = std::move(take); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (take_) return take_({message.payload.data(), message.payload.size()});
    line_.clear();
    formatter_->format(message, line_);
    put({line_.data(), line_.size()});
  }

  void flush_() override {
    waiting_.erase(0, output_->write(waiting_));
    if (!waiting_.empty() || dropped_ == 0) return;
    const std::string note = fmt::format("pid1: {} lines of pid1's own were lost here\n", dropped_);
    dropped_ = 0;
    put(note);
  }

 private:
  void put(std::string_view line) {
    if (pending()) flush_();
    if (!pending()) line.remove_prefix(output_->write(line));
    if (line.empty()) return;
    if (waiting_.size() + line.size() <= kMostBuffered) {
      waiting_ += line;
    } else {
      ++dropped_;
    }
  }

  std::unique_ptr<LogOutput> output_;
  Log::Take take_;  // empty: the output takes them
  spdlog::memory_buf_t line_;
  std::string waiting_;
  std::size_t dropped_ = 0;
};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  if (text == "debug") return LogLevel::debug;
  if (text == "info") return LogLevel::info;
  if (text == "warning" || text == "warn") return LogLevel::warning;
  if (text == "error") return LogLevel::error;
  return std::nullopt;
}

std::unique_ptr<LogOutput> standard_error() { return std::make_unique<StandardError>(); }

LogPrefixes own_prefixes() {
  LogPrefixes prefixes;
  prefixes.fill("pid1: ");
  return prefixes;
}

class Log::Impl {
 public:
  Impl(std::unique_ptr<LogOutput> output, LogLevel level)
      : sink(std::make_shared<BoundedSink>(std::move(output))), logger("pid1", sink) {
    logger.set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
    logger.set_level(to_spdlog(level));
  }

  std::shared_ptr<BoundedSink> sink;
  spdlog::logger logger;
};

Log::Log(std::unique_ptr<LogOutput> output, LogLevel level, LogPrefixes prefixes)
    : level_(level), prefixes_(std::move(prefixes)), output_(std::move(output)) {}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message) {
  if (enabled(level)) put(level, message);
}

void Log::always(std::string_view message) { put(LogLevel::error, message); }

void Log::divert(Take take, LogPrefixes prefixes) {
  flush();
  prefixes_ = std::move(prefixes);
  begin();
  impl_->sink->divert(std::move(take));
}

void Log::begin() {
  if (!impl_) impl_ = std::make_unique<Impl>(std::move(output_), level_);
}

void Log::put(LogLevel level, std::string_view message) {
  begin();
  impl_->logger.log(to_spdlog(level), "{}{}", prefixes_[static_cast<std::size_t>(level)],
                    config::printable(message));
}

bool Log::pending() const { return impl_ && impl_->sink->pending(); }

void Log::flush() {
  if (impl_) impl_->sink->flush();
}

}  // namespace pid1::supervisor
