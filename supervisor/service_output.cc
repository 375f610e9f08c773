#include "supervisor/service_output.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "supervisor/system/pipe.h"

namespace pid1::supervisor {

namespace {

// Of lines that wait while pid1's own output can't be written to.
constexpr std::size_t kMostWaiting = std::size_t{1} << 20;
constexpr std::size_t kPipeSize = std::size_t{1} << 20;

void note_loss(std::uint64_t lost, std::string& text) {
  text += "pid1: " + std::to_string(lost) + " lines of output were lost\n";
}

}  // namespace

ServiceOutput::ServiceOutput(boost::asio::io_context& loop, const Plan& plan, Ready ready)
    : loop_(loop),
      out_(loop_, 1, kMostWaiting, note_loss),
      err_(loop_, 2, kMostWaiting, note_loss),
      router_(loop_, {.routes = static_cast<std::size_t>(
                          std::ranges::count_if(plan.services(), ServiceOutput::reads))}),
      ready_(std::move(ready)),
      readings_(plan.size()) {
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    if (!reads(plan[id])) continue;
    // It was parsed before, or the plan would not be.
    auto pattern =
        std::get<config::LinePattern>(config::LinePattern::parse(plan[id].readiness.pattern));
    const output::Route route = router_.add({.service = plan[id].name,
                                             .format = {.kind = output::FormatKind::raw},
                                             .sinks = {&out_, &err_}});
    readings_[i].emplace(Reading{route, std::move(pattern)});
    router_.listen(route, [this, id](const output::Line& line) {
      Reading& reading = reading_of(id);
      if (!reading.awaited || !reading.pattern.is_found_in(line.text)) return;
      reading.awaited = false;
      ready_(id);
    });
  }
}

bool ServiceOutput::reads(const ServiceSpec& spec) {
  return spec.readiness.kind == Readiness::Kind::log;
}

std::optional<ServiceOutput::Ends> ServiceOutput::connect(ServiceId service) {
  auto out = system::make_pipe(kPipeSize);
  auto err = system::make_pipe(kPipeSize);
  if (!out || !err) return std::nullopt;
  Reading& reading = reading_of(service);
  if (router_.connect(reading.route, output::Stream::out, std::move(out->reading)) != 0 ||
      router_.connect(reading.route, output::Stream::err, std::move(err->reading)) != 0) {
    return std::nullopt;
  }
  reading.awaited = true;
  return Ends{std::move(out->writing), std::move(err->writing)};
}

void ServiceOutput::started(ServiceId service, std::int32_t pid) {
  router_.set_process(reading_of(service).route, pid);
}

void ServiceOutput::process_ended(ServiceId service) {
  Reading& reading = reading_of(service);
  reading.awaited = false;
  router_.process_ended(reading.route);
}

bool ServiceOutput::pending() const { return !router_.idle() || out_.pending() || err_.pending(); }

}  // namespace pid1::supervisor
