#include "supervisor/program_plan.h"

#include <variant>

#include "services/shutdown.h"

namespace pid1::supervisor {

namespace {

// signal(7); the same number on every architecture we run on.
constexpr int kSigChild = 17;

ServiceSpec service_of(const ProgramOptions& options) {
  const std::string& path = options.argv.front();
  ServiceSpec service;
  service.name = path.substr(path.find_last_of('/') + 1);
  if (service.name.empty()) service.name = path;  // a directory's, as in "/"
  service.process.argv = options.argv;
  service.process.environment = options.environment;
  service.process.working_dir = options.working_dir;
  service.process.user = options.user;
  service.restart.condition = RestartCondition::never;
  service.success_exit_codes = options.expected_codes;
  service.on_success = EndAction::shutdown;
  service.on_failure = EndAction::shutdown;
  service.stop.kill_mode = KillMode::process;
  return service;
}

SignalRules forward_all(const ProgramOptions& options) {
  SignalRules rules{};
  for (int signo = 1; signo <= kMaxSignal; ++signo) {
    const int as = options.rewrites[static_cast<std::size_t>(signo)];
    if (signo == kSigChild || as == 0) continue;
    SignalRule& rule = rules[static_cast<std::size_t>(signo)];
    rule.kind = SignalRule::Kind::forward;
    rule.as = as;
    rule.scope = options.forward_to;
  }
  return rules;
}

ContainerSpec container_for(const ProgramOptions& options) {
  constexpr auto kAfterwards = std::chrono::seconds(2);
  ContainerSpec container;
  container.leftovers = {.awaited = options.awaits_all, .grace = options.grace};
  container.must_start = true;
  container.stop_grace_period = later(later({}, options.grace), kAfterwards).time_since_epoch();
  return container;
}

// Other containers may share its PID namespace: their processes are not ours to end.
ContainerSpec pause() {
  ContainerSpec container;
  container.stays = true;
  container.leftovers.grace = Duration::zero();
  return container;
}

}  // namespace

Plan program_plan(const ProgramOptions& options) {
  if (options.argv.empty()) return std::get<Plan>(Plan::create({}, pause()));
  ContainerSpec container = container_for(options);
  container.signals = forward_all(options);
  return std::get<Plan>(Plan::create({service_of(options)}, std::move(container)));
}

}  // namespace pid1::supervisor
