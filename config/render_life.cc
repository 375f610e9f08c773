#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "config/http_url.h"
#include "config/render_service.h"
#include "services/signal_names.h"

namespace pid1::config {

namespace {

using List = Value::List;
using Mapping = Value::Mapping;

Value build_http(const HttpProbe& probe) {
  Mapping mapping = {{"url", text(format_http_url(probe))}};
  if (!probe.headers.empty()) {
    Mapping headers;
    for (const auto& [name, value] : probe.headers) headers.emplace_back(name, text(value));
    mapping.emplace_back("headers", Value{std::move(headers)});
  }
  return {std::move(mapping)};
}

void add_probe(const HealthCheck& check, Mapping& mapping) {
  if (const auto* process = std::get_if<ProcessSpec>(&check.probe)) {
    std::vector<std::string> words = process->argv;
    words.insert(words.begin(), "CMD");
    mapping.emplace_back("test", render_texts(words));
  } else if (const auto* http = std::get_if<HttpProbe>(&check.probe)) {
    mapping.emplace_back("http", build_http(*http));
  } else {
    const auto& tcp = std::get<TcpProbe>(check.probe);
    mapping.emplace_back(
        "tcp", Value{Mapping{{"host", text(tcp.host)}, {"port", render_number(tcp.port)}}});
  }
}

Value build_health(const HealthCheck& check) {
  Mapping mapping;
  add_probe(check, mapping);
  mapping.emplace_back("interval", render_duration(check.interval));
  mapping.emplace_back("timeout", render_duration(check.timeout));
  mapping.emplace_back("retries", render_number(check.retries));
  if (check.start_period > Duration::zero()) {
    mapping.emplace_back("start_period", render_duration(check.start_period));
    mapping.emplace_back("start_interval", render_duration(check.start_interval));
  }
  return {std::move(mapping)};
}

Value build_readiness(const Readiness& readiness) {
  Mapping mapping;
  switch (readiness.kind) {
    case Readiness::Kind::none: return text("none");
    case Readiness::Kind::notify: mapping.emplace_back("notify", Value{true}); break;
    case Readiness::Kind::fd: mapping.emplace_back("fd", render_number(readiness.fd)); break;
    case Readiness::Kind::log: mapping.emplace_back("log", text(readiness.pattern)); break;
  }
  if (readiness.timeout) mapping.emplace_back("timeout", render_duration(*readiness.timeout));
  return {std::move(mapping)};
}

// What a hook's environment has that the service's hasn't, or has otherwise.
std::vector<EnvironmentChange> find_own(const ProcessSpec& hook, const ProcessSpec& process) {
  std::vector<EnvironmentChange> own;
  for (const EnvironmentChange& change : hook.environment) {
    const auto& usual = process.environment;
    if (std::ranges::find(usual, change) == usual.end()) own.push_back(change);
  }
  return own;
}

Value build_hook(const ProcessSpec& hook, const ProcessSpec& process) {
  Mapping mapping = {{"command", render_texts(hook.argv)}};
  const std::vector<EnvironmentChange> own = find_own(hook, process);
  if (!own.empty()) mapping.emplace_back("environment", render_environment(own));
  if (hook.working_dir != process.working_dir && hook.working_dir) {
    mapping.emplace_back("working_dir", text(*hook.working_dir));
  }
  if (hook.user != process.user && hook.user) {
    mapping.emplace_back("user", render_user(*hook.user));
  }
  return {std::move(mapping)};
}

void add_hooks(std::string_view key, const std::vector<ProcessSpec>& hooks,
               const ProcessSpec& process, Mapping& mapping) {
  if (hooks.empty()) return;
  List list;
  for (const ProcessSpec& hook : hooks) list.push_back(build_hook(hook, process));
  mapping.emplace_back(std::string(key), Value{std::move(list)});
}

void add_reload(const Reload& reload, Mapping& mapping) {
  if (reload.command) {
    mapping.emplace_back("reload", render_texts(reload.command->argv));
  } else if (reload.signal != 0) {
    mapping.emplace_back("reload", Value{Mapping{{"signal", text(signal_name(reload.signal))}}});
  }
}

}  // namespace

void render_life(const ServiceSpec& service, Mapping& mapping) {
  const ServiceSpec usual;
  if (service.health) mapping.emplace_back("healthcheck", build_health(*service.health));
  if (service.on_unhealthy != usual.on_unhealthy) {
    mapping.emplace_back("on_unhealthy", text(action_name(service.on_unhealthy)));
  }
  if (service.readiness != usual.readiness) {
    mapping.emplace_back("readiness", build_readiness(service.readiness));
  }
  if (service.watchdog) mapping.emplace_back("watchdog", render_duration(*service.watchdog));
  if (service.max_runtime) {
    mapping.emplace_back("max_runtime", render_duration(*service.max_runtime));
  }
  add_hooks("pre_start", service.hooks.pre_start, service.process, mapping);
  add_hooks("post_start", service.hooks.post_start, service.process, mapping);
  add_hooks("pre_stop", service.hooks.pre_stop, service.process, mapping);
  add_hooks("post_stop", service.hooks.post_stop, service.process, mapping);
  add_reload(service.reload, mapping);
  switch (service.orphans) {
    case OrphanPolicy::kill: break;
    case OrphanPolicy::adopt: mapping.emplace_back("orphans", text("adopt")); break;
  }
}

}  // namespace pid1::config
