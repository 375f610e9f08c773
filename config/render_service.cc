#include "config/render_service.h"

#include <utility>

#include "config/scalars.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

std::string_view name_of(Condition condition) {
  switch (condition) {
    case Condition::started: return "service_started";
    case Condition::healthy: return "service_healthy";
    case Condition::completed: return "service_completed_successfully";
  }
  return "";
}

std::string_view name_of(RestartCondition condition) {
  switch (condition) {
    case RestartCondition::never: return "no";
    case RestartCondition::on_failure: return "on-failure";
    case RestartCondition::always: return "always";
  }
  return "";
}

std::string_view name_of(KillMode mode) {
  switch (mode) {
    case KillMode::process: return "process";
    case KillMode::mixed: return "mixed";
    case KillMode::group: return "group";
  }
  return "";
}

std::string_view name_of(ServiceType type) {
  switch (type) {
    case ServiceType::simple: return "simple";
    case ServiceType::oneshot: return "oneshot";
  }
  return "";
}

std::string octal(std::uint32_t value) {
  std::string out(4, '0');
  for (std::size_t i = 4; i-- > 0; value >>= 3) out[i] = static_cast<char>('0' + (value & 7));
  return out;
}

Value build_dependencies(const std::vector<Dependency>& dependencies) {
  Mapping mapping;
  for (const Dependency& dependency : dependencies) {
    Mapping one = {{"condition", text(name_of(dependency.condition))}};
    if (dependency.restart) one.emplace_back("restart", Value{true});
    one.emplace_back("required", Value{dependency.required});
    mapping.emplace_back(dependency.service, Value{std::move(one)});
  }
  return {std::move(mapping)};
}

// The short form where it says the same.
Value build_restart(const RestartPolicy& policy) {
  RestartPolicy plain;
  plain.condition = policy.condition;
  plain.max_attempts = policy.max_attempts;
  const std::string name(name_of(policy.condition));
  if (policy == plain && policy.max_attempts == 0) return text(name);
  if (policy == plain && policy.condition == RestartCondition::on_failure) {
    return text(name + ":" + std::to_string(policy.max_attempts));
  }
  return {Mapping{{"condition", text(name)},
                  {"max_attempts", render_number(policy.max_attempts)},
                  {"delay", render_duration(policy.delay)},
                  {"max_delay", render_duration(policy.max_delay)},
                  {"window", render_duration(policy.window)}}};
}

void add_process(const ProcessSpec& process, Mapping& mapping) {
  mapping.emplace_back("command", render_texts(process.argv));
  if (!process.environment.empty()) {
    mapping.emplace_back("environment", render_environment(process.environment));
  }
  if (process.working_dir) mapping.emplace_back("working_dir", text(*process.working_dir));
  if (process.user) mapping.emplace_back("user", render_user(*process.user));
  if (!process.group_add.empty())
    mapping.emplace_back("group_add", render_texts(process.group_add));
  if (process.umask) mapping.emplace_back("umask", text(octal(*process.umask)));
}

void add_stop(const StopPolicy& stop, Mapping& mapping) {
  const StopPolicy usual;
  if (stop.signal != usual.signal) {
    mapping.emplace_back("stop_signal", text(signal_name(stop.signal)));
  }
  if (stop.grace_given) mapping.emplace_back("stop_grace_period", render_duration(stop.grace));
  if (stop.kill_mode != usual.kill_mode) {
    mapping.emplace_back("kill_mode", text(name_of(stop.kill_mode)));
  }
}

void add_ends(const ServiceSpec& service, Mapping& mapping) {
  const ServiceSpec usual;
  if (!service.success_exit_codes.empty()) {
    List codes;
    for (const int code : service.success_exit_codes) codes.push_back(render_number(code));
    mapping.emplace_back("success_exit_codes", Value{std::move(codes)});
  }
  if (service.on_success != usual.on_success) {
    mapping.emplace_back("on_success", text(action_name(service.on_success)));
  }
  if (service.on_failure != usual.on_failure) {
    mapping.emplace_back("on_failure", text(action_name(service.on_failure)));
  }
  if (service.on_oom) mapping.emplace_back("on_oom", text(action_name(*service.on_oom)));
}

}  // namespace

Value render_number(std::int64_t number) { return {number}; }
Value render_duration(Duration duration) { return text(format_duration(duration)); }

Value render_texts(const std::vector<std::string>& texts) {
  List list;
  for (const std::string& string : texts) list.push_back(text(string));
  return {std::move(list)};
}

Value render_user(const UserSpec& user) {
  return text(user.group ? user.user + ":" + *user.group : user.user);
}

Value render_environment(const std::vector<EnvironmentChange>& changes) {
  Mapping mapping;
  for (const EnvironmentChange& change : changes) {
    mapping.emplace_back(change.name, change.value ? text(*change.value) : Value{});
  }
  return {std::move(mapping)};
}

std::string_view action_name(EndAction action) {
  switch (action) {
    case EndAction::ignore: return "ignore";
    case EndAction::restart: return "restart";
    case EndAction::shutdown: return "shutdown";
  }
  return "";
}

Value render_service(const ResolvedService& resolved, const std::optional<Logging>& unwritten) {
  const ServiceSpec& service = resolved.spec;
  Mapping mapping;
  if (!resolved.profiles.empty()) mapping.emplace_back("profiles", render_texts(resolved.profiles));
  if (resolved.replicas) mapping.emplace_back("scale", render_number(*resolved.replicas));
  if (service.type != ServiceType::simple)
    mapping.emplace_back("type", text(name_of(service.type)));
  add_process(service.process, mapping);
  if (!service.depends_on.empty()) {
    mapping.emplace_back("depends_on", build_dependencies(service.depends_on));
  }
  mapping.emplace_back("restart", build_restart(service.restart));
  add_ends(service, mapping);
  add_stop(service.stop, mapping);
  render_life(service, mapping);
  render_limits(service, mapping);
  render_logging(service, unwritten, mapping);
  if (!service.labels.empty()) {
    Mapping labels;
    for (const auto& [name, value] : service.labels) labels.emplace_back(name, text(value));
    mapping.emplace_back("labels", Value{std::move(labels)});
  }
  return {std::move(mapping)};
}

}  // namespace pid1::config
