#include "config/render.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "config/scalars.h"
#include "config/value.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

Value number(std::int64_t value) { return {value}; }
Value duration(Duration value) { return text(format_duration(value)); }

Value texts(const std::vector<std::string>& strings) {
  List list;
  for (const std::string& string : strings) list.push_back(text(string));
  return {std::move(list)};
}

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

std::string_view name_of(EndAction action) {
  switch (action) {
    case EndAction::ignore: return "ignore";
    case EndAction::restart: return "restart";
    case EndAction::shutdown: return "shutdown";
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

std::string_view name_of(SignalRule::Kind kind) {
  switch (kind) {
    case SignalRule::Kind::forward: return "forward";
    case SignalRule::Kind::shutdown: return "shutdown";
    case SignalRule::Kind::ignore: return "ignore";
    case SignalRule::Kind::reload: return "reload";
  }
  return "";
}

std::string octal(std::uint32_t value) {
  std::string out(4, '0');
  for (std::size_t i = 4; i-- > 0; value >>= 3) out[i] = static_cast<char>('0' + (value & 7));
  return out;
}

Value build_environment(const std::vector<EnvironmentChange>& changes) {
  Mapping mapping;
  for (const EnvironmentChange& change : changes) {
    mapping.emplace_back(change.name, change.value ? text(*change.value) : Value{});
  }
  return {std::move(mapping)};
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
                  {"max_attempts", number(policy.max_attempts)},
                  {"delay", duration(policy.delay)},
                  {"max_delay", duration(policy.max_delay)},
                  {"window", duration(policy.window)}}};
}

void add_process(const ProcessSpec& process, Mapping& mapping) {
  mapping.emplace_back("command", texts(process.argv));
  if (!process.environment.empty()) {
    mapping.emplace_back("environment", build_environment(process.environment));
  }
  if (process.working_dir) mapping.emplace_back("working_dir", text(*process.working_dir));
  if (process.user) {
    const UserSpec& user = *process.user;
    mapping.emplace_back("user", text(user.group ? user.user + ":" + *user.group : user.user));
  }
  if (!process.group_add.empty()) mapping.emplace_back("group_add", texts(process.group_add));
  if (process.umask) mapping.emplace_back("umask", text(octal(*process.umask)));
}

void add_stop(const StopPolicy& stop, Mapping& mapping) {
  const StopPolicy usual;
  if (stop.signal != usual.signal) {
    mapping.emplace_back("stop_signal", text(signal_name(stop.signal)));
  }
  if (stop.grace_given) mapping.emplace_back("stop_grace_period", duration(stop.grace));
  if (stop.kill_mode != usual.kill_mode) {
    mapping.emplace_back("kill_mode", text(name_of(stop.kill_mode)));
  }
}

void add_ends(const ServiceSpec& service, Mapping& mapping) {
  const ServiceSpec usual;
  if (!service.success_exit_codes.empty()) {
    List codes;
    for (const int code : service.success_exit_codes) codes.push_back(number(code));
    mapping.emplace_back("success_exit_codes", Value{std::move(codes)});
  }
  if (service.on_success != usual.on_success) {
    mapping.emplace_back("on_success", text(name_of(service.on_success)));
  }
  if (service.on_failure != usual.on_failure) {
    mapping.emplace_back("on_failure", text(name_of(service.on_failure)));
  }
}

Value build_service(const ResolvedService& resolved) {
  const ServiceSpec& service = resolved.spec;
  Mapping mapping;
  if (!resolved.profiles.empty()) mapping.emplace_back("profiles", texts(resolved.profiles));
  if (resolved.replicas) mapping.emplace_back("scale", number(*resolved.replicas));
  if (service.type != ServiceType::simple)
    mapping.emplace_back("type", text(name_of(service.type)));
  add_process(service.process, mapping);
  if (!service.depends_on.empty()) {
    mapping.emplace_back("depends_on", build_dependencies(service.depends_on));
  }
  mapping.emplace_back("restart", build_restart(service.restart));
  add_ends(service, mapping);
  add_stop(service.stop, mapping);
  if (!service.labels.empty()) {
    Mapping labels;
    for (const auto& [name, value] : service.labels) labels.emplace_back(name, text(value));
    mapping.emplace_back("labels", Value{std::move(labels)});
  }
  return {std::move(mapping)};
}

Value build_rule(const SignalRule& rule) {
  if (!rule.only.empty()) {
    Mapping targets;
    for (const auto& [service, signo] : rule.only) {
      targets.emplace_back(service, text(signal_name(signo)));
    }
    return {std::move(targets)};
  }
  return text(rule.as != 0 ? signal_name(rule.as) : name_of(rule.kind));
}

Mapping build_container(const ContainerSpec& container) {
  Mapping mapping;
  if (container.stop_grace_period) {
    mapping.emplace_back("stop_grace_period", duration(*container.stop_grace_period));
  }
  if (container.exit_code_from) {
    mapping.emplace_back("exit_code_from", text(*container.exit_code_from));
  }
  const SignalRules usual = default_signal_rules();
  Mapping signals;
  for (int signo = 1; signo <= kMaxSignal; ++signo) {
    const auto at = static_cast<std::size_t>(signo);
    if (container.signals[at] == usual[at]) continue;
    signals.emplace_back(signal_name(signo), build_rule(container.signals[at]));
  }
  if (!signals.empty()) mapping.emplace_back("signals", Value{std::move(signals)});
  return mapping;
}

Value build(const Resolved& resolved) {
  Mapping root;
  const ContainerSpec& spec = resolved.container;
  if (!spec.name.empty()) root.emplace_back("name", text(spec.name));
  if (Mapping container = build_container(spec); !container.empty()) {
    root.emplace_back("pid1", Value{std::move(container)});
  }
  Mapping services;
  for (const ResolvedService& service : resolved.services) {
    services.emplace_back(service.spec.name, build_service(service));
  }
  root.emplace_back("services", Value{std::move(services)});
  return {std::move(root)};
}

std::string double_dollars(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

// Whoever reads it back interpolates values, and no keys. Compose does the same, in both formats.
void escape_variables(Value& value) {
  if (auto* string = std::get_if<std::string>(&value.data)) *string = double_dollars(*string);
  if (auto* list = std::get_if<List>(&value.data)) {
    for (Value& item : *list) escape_variables(item);
  }
  if (auto* mapping = std::get_if<Mapping>(&value.data)) {
    for (auto& [key, below] : *mapping) escape_variables(below);
  }
}

Value build_escaped(const Resolved& resolved) {
  Value value = build(resolved);
  escape_variables(value);
  return value;
}

}  // namespace

std::string render_yaml(const Resolved& resolved) { return write_yaml(build_escaped(resolved)); }

std::string render_json(const Resolved& resolved) { return write_json(build_escaped(resolved)); }

}  // namespace pid1::config
