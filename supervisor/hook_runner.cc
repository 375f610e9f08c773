#include "supervisor/hook_runner.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "services/restart_history.h"
#include "supervisor/narrator.h"
#include "supervisor/service_variables.h"

namespace pid1::supervisor {

HookRunner::HookRunner(boost::asio::io_context& loop, const Plan& plan, TaskRunner& tasks, Log& log,
                       Deliver deliver, Say say)
    : plan_(plan),
      tasks_(tasks),
      log_(log),
      deliver_(std::move(deliver)),
      say_(std::move(say)),
      retry_timer_(loop) {}

void HookRunner::run(const RunHook& command, const std::optional<ExitStatus>& end) {
  const Waiting hook{command, end};
  if (try_to_start(hook)) return;
  waiting_.push_back(hook);
  retry_later();
}

// False where there are no resources.
bool HookRunner::try_to_start(const Waiting& hook) {
  const auto& [service, run, point, place] = hook.command;
  const ServiceSpec& spec = plan_[service];
  std::vector<EnvironmentChange> variables;
  add_service_variables(spec, variables);
  if (point == HookPoint::post_stop) add_end_variables(hook.end, variables);
  const auto started =
      tasks_.start(service, spec.hooks.at(point)[place], {.environment = variables},
                   {.line = [this, service = service,
                             point = point](std::string_view line) { say_(service, point, line); }},
                   [this, service = service, run = run](
                       const ExitStatus& status, std::string_view) { end(service, run, status); });
  if (const auto* pid = std::get_if<std::int32_t>(&started)) {
    running_.insert_or_assign(static_cast<std::uint32_t>(service), Running{run, *pid});
    return true;
  }
  const auto& error = std::get<LaunchError>(started);
  switch (error.fault) {
    case SpawnFault::system: return false;
    case SpawnFault::service:
      log_.write(LogLevel::error,
                 spec.name + ": " + std::string(name_of(point)) + " hook: " + error.message);
      deliver_(HookEnded{service, run, Exited{error.code}});
      return true;
  }
  return true;
}

void HookRunner::signal(const SignalHook& command) {
  const auto running = running_.find(static_cast<std::uint32_t>(command.service));
  if (running != running_.end() && running->second.run == command.run) {
    tasks_.signal(running->second.pid, command.signo);
    return;
  }
  const auto waits = std::ranges::find_if(waiting_, [&](const Waiting& hook) {
    return hook.command.service == command.service && hook.command.run == command.run;
  });
  if (waits == waiting_.end()) return;
  waiting_.erase(waits);
  deliver_(HookEnded{command.service, command.run, Signaled{command.signo}});
}

void HookRunner::end(ServiceId service, HookRun run, const ExitStatus& status) {
  const auto running = running_.find(static_cast<std::uint32_t>(service));
  if (running != running_.end() && running->second.run == run) running_.erase(running);
  deliver_(HookEnded{service, run, status});
}

void HookRunner::retry_later() {
  if (retry_scheduled_) return;
  retry_scheduled_ = true;
  if (tries_ == 0) {
    log_.write(LogLevel::warning, "no resources to start a hook; trying again until there are");
  }
  retry_timer_.expires_after(resource_retry_delay(tries_, 0));
  tries_ = std::min(tries_ + 1, 16u);
  retry_timer_.async_wait([this](const boost::system::error_code& error) {
    retry_scheduled_ = false;
    if (!error) retry();
  });
}

void HookRunner::retry() {
  std::vector<Waiting> hooks;
  hooks.swap(waiting_);
  for (auto hook = hooks.begin(); hook != hooks.end(); ++hook) {
    if (try_to_start(*hook)) continue;
    waiting_.insert(waiting_.begin(), hook, hooks.end());
    return retry_later();
  }
  tries_ = 0;
}

}  // namespace pid1::supervisor
