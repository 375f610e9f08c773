#include "supervisor/service_output.h"

#include <algorithm>
#include <bit>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>
#include <variant>

#include "supervisor/output/harmless.h"
#include "supervisor/system/descriptors.h"
#include "supervisor/system/pipe.h"
#include "supervisor/system/process.h"

namespace pid1::supervisor {

namespace {

constexpr std::size_t kMostRecent = std::size_t{64} << 10;  // bytes, of each service's last lines

// As long as pid1 itself says nothing in colour.
constexpr int kNoColor = -1;

output::Mode mode_of(LogMode mode) {
  switch (mode) {
    case LogMode::blocking: return output::Mode::blocking;
    case LogMode::non_blocking: return output::Mode::non_blocking;
  }
  return output::Mode::blocking;
}

bool goes_to_console(const Logging& logging) {
  return logging.driver == LogDriver::console || logging.driver == LogDriver::inherit;
}

output::RouterOptions router_options(const Plan& plan) {
  const std::size_t memory = plan.container().log_memory;
  // One for each service, for pid1, and for whoever writes to syslog.
  return {.routes = plan.size() + 2,
          .recent_each = std::min(kMostRecent, memory),
          .recent_total = memory};
}

// At first: those who write much get more (StreamPump).
std::size_t first_pipe_size(const Plan& plan) {
  constexpr std::size_t kOfAll = std::size_t{16} << 20;
  constexpr std::size_t kLeast = std::size_t{4} << 10;
  constexpr std::size_t kMost = std::size_t{64} << 10;
  const std::size_t pipes = 2 * std::max<std::size_t>(plan.size(), 1);
  return std::clamp(std::bit_floor(kOfAll / pipes), kLeast, kMost);
}

// Of all that is shown side by side.
std::size_t widest_name(const Plan& plan) {
  std::size_t width = output::width_of("pid1");
  for (const ServiceSpec& spec : plan.services()) {
    if (!goes_to_console(spec.logging) || !spec.logging.attach) continue;
    const std::string& tag = spec.logging.tag;
    width = std::max(width, output::width_of(tag.empty() ? spec.name : tag));
  }
  constexpr std::size_t kWidest = 24;
  return std::min(width, kWidest);
}

}  // namespace

bool ServiceOutput::is_needed(const Plan& plan) {
  const Logging& own = plan.container().log;
  const bool own_is_plain =
      own.driver == LogDriver::inherit ||
      (own.driver == LogDriver::console && own.format == LogFormat::raw && !own.timestamps);
  return !own_is_plain || !plan.container().syslog.empty() ||
         std::ranges::any_of(plan.services(), ServiceOutput::reads);
}

// A line that says that it is ready has to be seen.
bool ServiceOutput::reads(const ServiceSpec& spec) {
  return spec.logging.driver != LogDriver::inherit || spec.readiness.kind == Readiness::Kind::log;
}

ServiceOutput::ServiceOutput(boost::asio::io_context& loop, const Plan& plan, OutputStyle style,
                             OutputHandlers handlers)
    : context_(loop),
      style_(std::move(style)),
      handlers_(std::move(handlers)),
      loop_(loop),
      sinks_(loop_, plan.container().log, handlers_.start_compression,
             [this](const std::string& text) { complain_later(text); }),
      router_(loop_, router_options(plan)),
      pipe_size_(first_pipe_size(plan)),
      name_width_(widest_name(plan)),
      routes_(plan.size()),
      own_(add_route("pid1", 0, plan.container().log, kNoColor)),
      syslog_path_(plan.container().syslog),
      syslog_(loop_.poller(),
              [this](const output::SyslogMessage& message, const output::SyslogSender& sender) {
                received(message, sender);
              }) {
  if (!syslog_path_.empty()) {
    strangers_ = add_route("syslog", 0, plan.container().log, kNoColor);
  }
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    const ServiceSpec& spec = plan[id];
    if (!reads(spec)) continue;
    const auto color = static_cast<int>(i);
    routes_[i].emplace(Route{.route = add_route(spec.name, spec.replica, spec.logging, color)});
    if (spec.readiness.kind == Readiness::Kind::log) {
      listen_for_readiness(id, spec.readiness.pattern);
    }
  }
}

ServiceOutput::~ServiceOutput() = default;

output::Route ServiceOutput::add_route(const std::string& name, std::uint32_t replica,
                                       const Logging& logging, int color) {
  const std::array<output::Sink*, 2> sinks = sinks_.sinks_of(logging);
  const std::array<output::Reader, 2> readers = sinks_.readers_of(logging);
  return router_.add(
      {.service = name,
       .replica = replica,
       .tag = logging.tag,
       .labels = logging.labels,
       .formats = {format_of(logging, color, readers[0]), format_of(logging, color, readers[1])},
       .sinks = sinks,
       .mode = mode_of(logging.mode),
       .max_buffer = logging.max_buffer});
}

output::FormatOptions ServiceOutput::format_of(const Logging& logging, int color,
                                               output::Reader reader) const {
  const bool colored = goes_to_console(logging) &&
                       output::wants_color(style_.color, reader, style_.no_color, style_.term);
  const bool is_syslog = logging.driver == LogDriver::syslog;
  return {.kind = is_syslog ? output::FormatKind::syslog : kind_of(logging.format),
          .reader = reader,
          .timestamps = logging.timestamps,
          .name_width = name_width_,
          .color = colored ? color : kNoColor,
          .host = style_.host};
}

void ServiceOutput::listen_for_readiness(ServiceId service, const std::string& pattern) {
  // It was parsed before, or the plan would not be.
  at(service)->pattern = std::get<config::LinePattern>(config::LinePattern::parse(pattern));
  router_.listen(at(service)->route, [this, service](const output::Line& line) {
    Route& route = *at(service);
    if (!route.awaited) return;
    // Programs that write for terminals of old end their lines with CR LF.
    std::string_view text = line.text;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (!route.pattern->is_found_in(text)) return;
    route.awaited = false;
    handlers_.ready(service);
  });
}

// To be told it is written, which is not the time for it while something is being written.
void ServiceOutput::complain_later(const std::string& text) {
  complaints_.push_back(text);
  if (complaints_.size() > 1) return;
  boost::asio::post(context_, [this] {
    std::vector<std::string> complaints;
    complaints.swap(complaints_);
    for (const std::string& complaint : complaints) handlers_.complain(complaint);
  });
}

int ServiceOutput::listen() { return syslog_path_.empty() ? 0 : syslog_.listen(syslog_path_); }

void ServiceOutput::drain_syslog() { syslog_.drain(); }

// What it says of itself is shown, but who it is the kernel says.
void ServiceOutput::received(const output::SyslogMessage& message,
                             const output::SyslogSender& sender) {
  const std::optional<ServiceId> service =
      sender.pid == 0 ? std::nullopt : handlers_.service_of(sender.pid);
  const bool is_known = service && at(*service);
  text_.clear();
  if (!message.application.empty()) {
    output::append_harmless(message.application, text_);
    if (!message.process.empty()) {
      text_ += '[';
      output::append_harmless(message.process, text_);
      text_ += ']';
    }
    text_ += ": ";
  }
  output::append_harmless(message.text, text_);
  const bool is_error = message.severity <= output::Severity::error;
  router_.write_line(is_known ? at(*service)->route : *strangers_,
                     is_error ? output::Stream::err : output::Stream::out, sender.pid, text_);
}

std::variant<ServiceOutput::Ends, int> ServiceOutput::connect(ServiceId service) {
  auto out = system::make_pipe(pipe_size_);
  if (!out) return errno;
  auto err = system::make_pipe(pipe_size_);
  if (!err) return errno;
  Route& route = *at(service);
  if (const int error = router_.connect(route.route, output::Stream::out,
                                        system::move_up(std::move(out->reading)))) {
    return error;
  }
  if (const int error = router_.connect(route.route, output::Stream::err,
                                        system::move_up(std::move(err->reading)))) {
    return error;
  }
  route.awaited = route.pattern.has_value();
  return Ends{std::move(out->writing), std::move(err->writing)};
}

void ServiceOutput::started(ServiceId service, std::int32_t pid) {
  router_.set_process(at(service)->route, pid);
}

void ServiceOutput::process_ended(ServiceId service) {
  if (!at(service)) return;
  // What it said before it ended may still say that it was ready.
  router_.process_ended(at(service)->route);
  at(service)->awaited = false;
}

bool ServiceOutput::say(ServiceId service, std::string_view what, std::string_view line) {
  if (!at(service)) return false;
  text_.assign("(").append(what).append(") ");
  output::append_harmless(line, text_);
  router_.write_line(at(service)->route, output::Stream::err, 0, text_);
  return true;
}

void ServiceOutput::say(std::string_view line) {
  router_.write_line(own_, output::Stream::err, system::process_id(), line);
}

std::vector<std::string> ServiceOutput::last_lines(ServiceId service, std::size_t count) const {
  const auto& route = routes_[index(service)];
  return route ? router_.recent().last(route->route, count) : std::vector<std::string>();
}

std::uint64_t ServiceOutput::lost_lines() const {
  std::uint64_t lost = sinks_.lost_lines() + router_.lost_lines(own_);
  for (const auto& route : routes_) lost += route ? router_.lost_lines(route->route) : 0;
  return lost;
}

bool ServiceOutput::drain() {
  router_.catch_up();
  return router_.blocked() || sinks_.waits();
}

}  // namespace pid1::supervisor
