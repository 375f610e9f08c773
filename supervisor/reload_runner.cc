#include "supervisor/reload_runner.h"

#include <memory>
#include <utility>
#include <vector>

#include "supervisor/narrator.h"
#include "supervisor/service_variables.h"

namespace pid1::supervisor {

namespace {

constexpr int kSigKill = 9;  // signal(7)

}  // namespace

ReloadRunner::ReloadRunner(const Plan& plan, TaskRunner& tasks, Log& log, Say say)
    : plan_(plan), tasks_(tasks), log_(log), say_(std::move(say)) {}

void ReloadRunner::run(ServiceId service) {
  const auto running = running_.find(static_cast<std::uint32_t>(service));
  if (running != running_.end()) {
    running->second.again = true;
    return tell(LogLevel::info, service, "its reload still runs; it is run again after that");
  }
  const ServiceSpec& spec = plan_[service];
  std::vector<EnvironmentChange> variables;
  add_service_variables(spec, variables);
  // Known once it has started, and it can't end before.
  const auto own_pid = std::make_shared<std::int32_t>(0);
  const auto started =
      tasks_.start(service, *spec.reload.command, {.environment = variables},
                   {.line = [this, service](std::string_view line) { say_(service, line); }},
                   [this, service, own_pid](const ExitStatus& status, std::string_view) {
                     ended(service, *own_pid, status);
                   });
  if (const auto* pid = std::get_if<std::int32_t>(&started)) {
    *own_pid = *pid;
    running_[static_cast<std::uint32_t>(service)] = {*pid};
    return;
  }
  tell(LogLevel::error, service, "reload: " + std::get<LaunchError>(started).message);
}

void ReloadRunner::end(ServiceId service) {
  const auto running = running_.find(static_cast<std::uint32_t>(service));
  if (running == running_.end()) return;
  tasks_.signal(running->second.pid, kSigKill);
  running_.erase(running);
}

void ReloadRunner::ended(ServiceId service, std::int32_t pid, const ExitStatus& status) {
  const auto running = running_.find(static_cast<std::uint32_t>(service));
  if (running == running_.end() || running->second.pid != pid) return;
  const bool again = running->second.again;
  running_.erase(running);
  tell(exit_code(status) != 0 ? LogLevel::error : LogLevel::info, service,
       "its reload " + describe(status));
  if (again) run(service);
}

void ReloadRunner::tell(LogLevel level, ServiceId service, const std::string& what) {
  if (log_.enabled(level)) log_.write(level, plan_[service].name + ": " + what);
}

}  // namespace pid1::supervisor
