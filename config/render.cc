#include "config/render.h"

#include <cstdint>
#include <utility>

#include "config/render_service.h"
#include "config/scalars.h"
#include "config/value.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

std::string_view name_of(SignalRule::Kind kind) {
  switch (kind) {
    case SignalRule::Kind::forward: return "forward";
    case SignalRule::Kind::shutdown: return "shutdown";
    case SignalRule::Kind::ignore: return "ignore";
    case SignalRule::Kind::reload: return "reload";
    case SignalRule::Kind::reopen: return "reopen";
  }
  return "";
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

Mapping build_container(const ContainerSpec& container, const Logging& usual_log) {
  Mapping mapping;
  if (container.stop_grace_period) {
    mapping.emplace_back("stop_grace_period", text(format_duration(*container.stop_grace_period)));
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
  render_own_logging(container, usual_log, mapping);
  return mapping;
}

// As config/logging_defaults.h has it for the console.
Logging usual_logging(const Resolved& resolved) {
  std::size_t services = 0;
  for (const ResolvedService& service : resolved.services) services += service.replicas.value_or(1);
  Logging usual;
  usual.format = services > 1 ? LogFormat::prefix : LogFormat::raw;
  return usual;
}

Value build(const Resolved& resolved) {
  const Logging usual = usual_logging(resolved);
  const Logging& own = resolved.container.log;
  const auto unwritten = own.driver == LogDriver::console ? std::optional(own) : std::nullopt;
  Mapping root;
  const ContainerSpec& spec = resolved.container;
  if (!spec.name.empty()) root.emplace_back("name", text(spec.name));
  if (Mapping container = build_container(spec, usual); !container.empty()) {
    root.emplace_back("pid1", Value{std::move(container)});
  }
  Mapping services;
  for (const ResolvedService& service : resolved.services) {
    services.emplace_back(service.spec.name, render_service(service, unwritten));
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
