#include <algorithm>
#include <boost/asio/post.hpp>

#include "supervisor/engine.h"
#include "supervisor/service_variables.h"
#include "supervisor/system/pipe.h"
#include "supervisor/system/process.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

// Between batches signals and deaths get their turn: a stop need not wait for a thousand starts.
constexpr std::size_t kLaunchesPerTurn = 16;

}  // namespace

void Engine::launch_some() {
  if (launching_ || spawns_.empty()) return;
  launching_ = true;
  for (std::size_t i = 0; i < kLaunchesPerTurn && !spawns_.empty(); ++i) {
    launch(spawns_.pop());
  }
  launching_ = false;
  if (!spawns_.empty()) return boost::asio::post(loop_, [this] { launch_some(); });
  // What only the reading of the file and the first starts needed.
  if (text_released_ || options_.voice == Voice::one_program) return;
  text_released_ = true;
  system::release_text();
}

void Engine::launch(const Spawn& spawn) {
  const auto [service, generation] = spawn;
  if (core_.stage() != Orchestrator::Stage::supervising || !core_.wanted(service)) {
    deliver(SpawnFailed{service, generation, SpawnFault::system});
    return;
  }
  const ServiceSpec& spec = plan_[service];
  fill_variables(service);
  const system::UniqueFd cgroup = cgroups().open(service);
  LaunchExtras extras{.environment = variables_, .input = spec.input, .cgroup = cgroup.get()};
  system::Pipe readiness;
  if (spec.readiness.kind == Readiness::Kind::fd) {
    readiness = system::open_pipe();
    if (!readiness.reading) {
      tell_launch_error(service, {SpawnFault::system, 126, "no descriptors for its readiness"});
      return deliver(SpawnFailed{service, generation, SpawnFault::system});
    }
    extras.passed = {readiness.writing.get(), spec.readiness.fd};
  }
  std::optional<ServiceOutput::Ends> ends;
  if (output_ && ServiceOutput::reads(spec)) {
    auto connected = output_->connect(service);
    if (const int* error = std::get_if<int>(&connected)) {
      tell_launch_error(service,
                        {SpawnFault::system, 126,
                         "cannot make a pipe for its output: " + system::error_text(*error)});
      return deliver(SpawnFailed{service, generation, SpawnFault::system});
    }
    ends = std::get<ServiceOutput::Ends>(std::move(connected));
    extras.stdout_fd = ends->out.get();
    extras.stderr_fd = ends->err.get();
  }
  const auto result = launcher_.launch(spec.process, extras);
  if (const auto* pid = std::get_if<std::int32_t>(&result)) {
    told_deferred_[index(service)] = false;
    epilogue_.launch_errors.erase(service);
    processes_.add(*pid, {service, generation});
    if (ends) output_->started(service, *pid);
    if (readiness.reading) ready_.watch(service, generation, std::move(readiness.reading));
    if (options_.listener != nullptr && index(service) == 0) options_.listener->started(*pid);
    deliver(Spawned{service, generation});
    return;
  }
  const auto& error = std::get<LaunchError>(result);
  tell_launch_error(service, error);
  deliver(SpawnFailed{service, generation, error.fault, error.code});
}

void Engine::tell_launch_error(ServiceId service, const LaunchError& error) {
  const std::string message = of_service(service, error.message);
  switch (error.fault) {
    case SpawnFault::service:
      log_.write(LogLevel::error, message);
      epilogue_.launch_errors.insert_or_assign(service, error.message);
      return;
    case SpawnFault::system:
      log_.write(told_deferred_[index(service)] ? LogLevel::debug : LogLevel::warning,
                 message + "; trying again until it can");
      told_deferred_[index(service)] = true;
      return;
  }
}

// One that is being ended has not closed anything itself.
void Engine::tell_unready(ServiceId service) {
  if (core_.service(service).phase() != Phase::running) return;
  log_.write(
      LogLevel::warning,
      of_service(service, "closed the descriptor of its readiness, or ended, without a newline"));
}

// What one program finds is what pid1 found.
void Engine::fill_variables(ServiceId service) {
  const ServiceSpec& spec = plan_[service];
  variables_.clear();
  if (options_.voice == Voice::one_program) return;
  add_service_variables(spec, variables_);
  const NotifySocket* socket = notify_.empty() ? nullptr : notify_[index(service)].get();
  if (socket == nullptr) return;
  variables_.push_back({"NOTIFY_SOCKET", socket->address()});
  if (spec.watchdog) add_watchdog_variables(*spec.watchdog, variables_);
}

}  // namespace pid1::supervisor
