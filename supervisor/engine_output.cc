#include <cerrno>
#include <chrono>

#include "supervisor/engine.h"
#include "supervisor/system/gzip_process.h"
#include "supervisor/system/small_file.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

// Of a service that has failed: enough to see why, for people and for the engine.
constexpr std::size_t kLinesTold = 3;
constexpr std::size_t kLinesLeft = 10;

// How long the end waits for readers that don't read.
constexpr auto kLongestDrain = std::chrono::seconds(1);

}  // namespace

void Engine::open_output() {
  if (options_.voice == Voice::one_program || !ServiceOutput::is_needed(plan_)) return;
  output_.emplace(
      loop_, plan_, options_.style,
      OutputHandlers{
          .ready =
              [this](ServiceId service) {
                deliver(Ready{service, core_.service(service).generation()});
              },
          .complain = [this](const std::string& text) { log_.write(LogLevel::error, text); },
          .start_compression =
              [this](output::CompressRequest request) {
                return start_compression(std::move(request));
              },
          .service_of = [this](std::int32_t pid) { return service_of(pid); }});
  const Logging& own = plan_.container().log;
  const bool plain = own.driver == LogDriver::inherit;
  if (!plain) {
    log_.divert([this](std::string_view line) { output_->say(line); },
                own.format == LogFormat::raw ? own_prefixes() : LogPrefixes{});
  }
  if (const int error = output_->listen()) {
    const bool taken = error == EADDRINUSE;
    log_.write(LogLevel::error, "cannot listen to " + plan_.container().syslog + ": " +
                                    (taken ? "another process does, or what is there is no socket"
                                           : system::error_text(error)));
  }
}

std::int32_t Engine::start_compression(output::CompressRequest request) {
  const std::int32_t pid = system::start_gzip(std::move(request.from), std::move(request.to));
  if (pid > 0) return pid;
  log_.write(LogLevel::debug, "cannot compress a log now: " + system::error_text(-pid));
  return 0;
}

// A line of what runs for a service beside it.
void Engine::say(ServiceId service, std::string_view what, std::string_view line) {
  if (output_ && output_->say(service, what, line)) return;
  log_.always(plan_[service].name + " (" + std::string(what) + "): " + std::string(line));
}

// Where a person sees this, but not the service's own lines.
void Engine::tell_last_lines(ServiceId service) {
  const Logging& logging = plan_[service].logging;
  const bool is_seen = logging.driver == LogDriver::inherit ||
                       (logging.driver == LogDriver::console && logging.attach);
  if (!output_ || is_seen) return;
  for (const std::string& line : output_->last_lines(service, kLinesTold)) {
    log_.write(LogLevel::error, of_service(service, "it last wrote: " + line));
  }
}

// What services have written is to arrive, but nobody waits for a reader who doesn't read.
void Engine::drain_output() {
  const Time now = std::chrono::steady_clock::now();
  if (drained_by_ == Time{}) drained_by_ = now + kLongestDrain;
  const Time end = drained_by_;
  loop_.restart();
  while (output_ && output_->drain() && std::chrono::steady_clock::now() < end &&
         loop_.run_one_until(end) > 0) {
  }
}

void Engine::write_termination_log() {
  if (options_.termination_log.empty()) return;
  if (const auto failed = root_of_failure(core_); failed && output_) {
    epilogue_.last_lines = output_->last_lines(*failed, kLinesLeft);
  }
  if (output_) epilogue_.lost_lines = output_->lost_lines();
  const std::string text = termination_json(core_, epilogue_) + "\n";
  if (const int error = system::write_small_file(options_.termination_log.c_str(), text)) {
    log_.write(LogLevel::warning,
               "cannot write to " + options_.termination_log + ": " + system::error_text(error));
  }
}

void Engine::say_last_words() {
  write_termination_log();
  switch (options_.voice) {
    case Voice::supervisor: log_.always(last_line(core_, epilogue_, options_.voice)); break;
    case Voice::one_program:
      if (!log_.enabled(LogLevel::info)) break;
      log_.write(LogLevel::info, last_line(core_, epilogue_, options_.voice));
      break;
  }
  log_.flush();
  drain_output();
}

}  // namespace pid1::supervisor
