#include "config/service_reader.h"

#include <algorithm>
#include <utility>

#include "config/cgroup_reader.h"
#include "config/environment.h"
#include "config/fields.h"
#include "config/health_reader.h"
#include "config/hook_reader.h"
#include "config/logging_reader.h"
#include "config/names.h"
#include "config/no_effect.h"
#include "config/process_reader.h"
#include "config/processes.h"
#include "config/restart.h"
#include "config/schema.h"

namespace pid1::config {

namespace {

constexpr std::string_view kReplicaVariable = "PID1_REPLICA";

Dependency read_dependency(const std::string& name, const Node& mapping, Diagnostics& diagnostics) {
  const Fields fields(mapping, sections::dependency, diagnostics);
  Dependency dependency;
  dependency.service = name;
  dependency.condition =
      fields
          .choice<Condition>("condition",
                             {{"service_started", Condition::started},
                              {"service_healthy", Condition::healthy},
                              {"service_completed_successfully", Condition::completed}})
          .value_or(Condition::started);
  dependency.restart = fields.boolean("restart").value_or(dependency.restart);
  dependency.required = fields.boolean("required").value_or(dependency.required);
  return dependency;
}

void read_dependencies(const Node* value, ServiceDraft& draft, Diagnostics& diagnostics) {
  if (value == nullptr) return;
  Node mapping = *value;
  make_mapping(mapping, *find_key(sections::service, "depends_on"));
  for (const Node::Entry& entry : mapping.entries) {
    draft.spec.depends_on.push_back(read_dependency(entry.key, entry.value, diagnostics));
    draft.dependency_places.push_back({entry.key_mark, entry.value.expanded});
  }
}

void read_ends(const Fields& service, ServiceSpec& spec, Diagnostics& diagnostics) {
  const std::initializer_list<std::pair<std::string_view, EndAction>> actions = {
      {"ignore", EndAction::ignore},
      {"restart", EndAction::restart},
      {"shutdown", EndAction::shutdown}};
  spec.on_success = service.choice("on_success", actions).value_or(spec.on_success);
  spec.on_failure = service.choice("on_failure", actions).value_or(spec.on_failure);
  spec.on_oom = service.choice("on_oom", actions);
  spec.on_unhealthy = service.choice("on_unhealthy", actions).value_or(spec.on_unhealthy);
  const Node* codes = service.find("success_exit_codes");
  if (codes == nullptr) return;
  for (const Node& item : codes->items) {
    const std::optional<std::int64_t> code = read_integer(item, 0, 255, diagnostics);
    if (code && *code != 0) spec.success_exit_codes.push_back(static_cast<int>(*code));
  }
}

StopPolicy read_stop(const Fields& service) {
  StopPolicy stop;
  stop.signal = service.signal("stop_signal").value_or(stop.signal);
  if (const std::optional<Duration> grace = service.duration("stop_grace_period")) {
    stop.grace = *grace;
    stop.grace_given = true;
  }
  stop.kill_mode = service
                       .choice<KillMode>("kill_mode", {{"process", KillMode::process},
                                                       {"mixed", KillMode::mixed},
                                                       {"group", KillMode::group}})
                       .value_or(stop.kill_mode);
  return stop;
}

// How the service is watched, and what runs around it. The process is known already.
void read_life(const Fields& service, const Lookup& environment, ServiceDraft& draft,
               Diagnostics& diagnostics) {
  ServiceSpec& spec = draft.spec;
  const std::size_t errors = diagnostics.error_count();
  spec.health = read_health_check(service, spec.process, diagnostics);
  spec.readiness = read_readiness(service, diagnostics);
  draft.health_unknown = diagnostics.error_count() > errors || service.is_faulty("healthcheck") ||
                         service.is_faulty("readiness");
  spec.watchdog = service.positive_duration("watchdog");
  spec.max_runtime = service.positive_duration("max_runtime");
  spec.hooks = read_hooks(service, spec.process, environment, diagnostics);
  spec.reload = read_reload(service, spec.process, diagnostics);
  spec.orphans = service
                     .choice<OrphanPolicy>(
                         "orphans", {{"kill", OrphanPolicy::kill}, {"adopt", OrphanPolicy::adopt}})
                     .value_or(spec.orphans);
  if (draft.health_unknown) return;
  warn_of_unwatched(service, spec, diagnostics);
  // Nobody would ever hear from it.
  if (spec.readiness.kind != Readiness::Kind::notify) spec.watchdog.reset();
}

void read_input(const Fields& service, ServiceDraft& draft) {
  const bool has_terminal = service.boolean("tty").value_or(false);
  const bool has_input = service.boolean("stdin_open").value_or(false);
  if (!has_terminal && !has_input) return;
  draft.spec.input = has_terminal ? Input::terminal : Input::own;
  draft.input = service.key_mark(has_terminal ? "tty" : "stdin_open");
}

std::optional<std::int64_t> read_replicas(const Fields& service, const Fields* deploy,
                                          Diagnostics& diagnostics) {
  const std::optional<std::int64_t> scale = service.integer("scale");
  if (deploy == nullptr) return scale;
  const std::optional<std::int64_t> replicas = deploy->integer("replicas");
  if (scale && replicas && *scale != *replicas) {
    diagnostics.error(deploy->key_mark("replicas"), "`scale` and `deploy.replicas` differ",
                      "keep one of them");
  }
  return scale ? scale : replicas;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_profile(std::string_view text) {
  return text.size() >= 2 && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
         });
}

std::vector<std::string> read_profiles(const Node* value, Diagnostics& diagnostics) {
  std::vector<std::string> profiles;
  if (value == nullptr) return profiles;
  for (const Node& item : value->items) {
    if (!is_profile(item.text)) {
      diagnostics.error(item.mark, "this is no name for a profile",
                        "use two or more letters, digits, `_`, `.` and `-`, and begin with a "
                        "letter or digit");
    }
    profiles.push_back(item.text);
  }
  return profiles;
}

bool is_enabled(const std::vector<std::string>& profiles, std::span<const std::string> on) {
  return profiles.empty() || std::ranges::any_of(on, [&profiles](const std::string& name) {
           return name == "*" || std::ranges::find(profiles, name) != profiles.end();
         });
}

void read_labels(const Node* value, ServiceSpec& spec) {
  if (value == nullptr) return;
  Node mapping = *value;
  make_mapping(mapping, *find_key(sections::service, "labels"));
  for (const Node::Entry& entry : mapping.entries) {
    spec.labels.insert_or_assign(entry.key, entry.value.is_null() ? "" : entry.value.text);
  }
}

void check_replica_variable(ServiceDraft& draft, Diagnostics& diagnostics) {
  const auto sets_it = [](const ProcessSpec* process) {
    const auto& changes = process->environment;
    return std::ranges::find(changes, kReplicaVariable, &EnvironmentChange::name) != changes.end();
  };
  if (!draft.replicas || std::ranges::none_of(processes_of(draft.spec), sets_it)) return;
  diagnostics.error(draft.mark, "`PID1_REPLICA` is set by pid1 where there are replicas",
                    "take it out of this service's environment");
}

}  // namespace

ServiceDraft read_service(const ServiceTree& tree, const ServiceContext& context) {
  Diagnostics& diagnostics = context.diagnostics;
  const Fields service(*tree.node, sections::service, diagnostics);
  std::optional<Fields> deploy;
  if (const Node* value = service.find("deploy")) {
    deploy.emplace(*value, sections::deploy, diagnostics);
  }
  const Fields* deploy_fields = deploy ? &*deploy : nullptr;

  ServiceDraft draft;
  ServiceSpec& spec = draft.spec;
  draft.mark = tree.mark;
  draft.profiles = read_profiles(service.find("profiles"), diagnostics);
  draft.enabled = is_enabled(draft.profiles, context.profiles);
  if (const auto replicas = read_replicas(service, deploy_fields, diagnostics)) {
    draft.replicas = static_cast<std::uint32_t>(*replicas);
  }
  spec.name = tree.name;
  spec.type = service
                  .choice<ServiceType>(
                      "type", {{"simple", ServiceType::simple}, {"oneshot", ServiceType::oneshot}})
                  .value_or(spec.type);
  spec.process = read_process(service, tree.mark, tree.complete ? Needs::checked : Needs::unchecked,
                              diagnostics);
  std::vector<EnvFileRequest> files = read_env_file_requests(service.find("env_file"), diagnostics);
  if (!draft.enabled) files.clear();
  spec.process.environment = read_environment(service.find("environment"), files, context.env_files,
                                              context.environment, diagnostics);
  read_life(service, context.environment, draft, diagnostics);
  read_input(service, draft);
  check_replica_variable(draft, diagnostics);
  spec.restart = read_restart(service, deploy_fields, diagnostics);
  spec.cgroup = read_cgroup(service, deploy_fields, diagnostics);
  read_ends(service, spec, diagnostics);
  spec.stop = read_stop(service);
  read_dependencies(service.find("depends_on"), draft, diagnostics);
  warn_of_unreached_ends(service, spec, diagnostics);
  read_labels(service.find("labels"), spec);
  draft.logging = read_logging(service, diagnostics);
  service.boolean("init");
  return draft;
}

}  // namespace pid1::config
