#include "config/load.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "config/container_reader.h"
#include "config/container_targets.h"
#include "config/dependency_checks.h"
#include "config/env_files.h"
#include "config/input_owner.h"
#include "config/instances.h"
#include "config/logging_defaults.h"
#include "config/project.h"
#include "config/scalars.h"
#include "config/service_index.h"
#include "config/service_reader.h"

namespace pid1::config {

namespace {

std::vector<ServiceDraft> read_services(const Project& project, const ServiceContext& context) {
  std::vector<ServiceDraft> drafts;
  drafts.reserve(project.services.size());
  for (const ServiceTree& tree : project.services) drafts.push_back(read_service(tree, context));
  return drafts;
}

// A container that runs nothing would end at once, with success.
void check_something_runs(const std::vector<ServiceDraft>& drafts, const Mark& mark,
                          Diagnostics& diagnostics) {
  const auto has_replica = [](const ServiceDraft& draft) { return draft.replicas != 0u; };
  const auto runs = [&](const ServiceDraft& draft) { return draft.enabled && has_replica(draft); };
  if (diagnostics.has_errors() || std::ranges::any_of(drafts, runs)) return;
  if (drafts.empty()) return diagnostics.error(mark, "there is no service");
  const auto off = std::ranges::find_if(drafts, has_replica);
  diagnostics.error(mark, "no service is on",
                    off == drafts.end()
                        ? "give one of them a `scale` of 1 or more"
                        : "turn one on with PID1_PROFILES=" + off->profiles.front());
}

void check_stop_budget(const Plan& plan, const Mark& mark, Diagnostics& diagnostics) {
  const std::optional<Duration>& budget = plan.container().stop_grace_period;
  const std::vector<ServiceId> longest = plan.longest_stop();
  if (!budget || longest.empty() || plan.stop_path(longest.front()) <= *budget) return;
  std::string names;
  for (const ServiceId id : longest) names += (names.empty() ? "`" : ", `") + plan[id].name + "`";
  diagnostics.warning(mark,
                      "to stop " + names + " in turn may take " +
                          format_duration(plan.stop_path(longest.front())) + ", more than this",
                      "raise it, or give the services a shorter `stop_grace_period`");
}

// Whether the checks before have missed something that makes it no plan.
std::optional<Plan> make_plan(std::vector<ServiceSpec> services, ContainerSpec container,
                              const Mark& mark, Diagnostics& diagnostics) {
  Plan::Result result = Plan::create(std::move(services), std::move(container));
  if (Plan* plan = std::get_if<Plan>(&result)) return std::move(*plan);
  for (const PlanError& error : std::get<std::vector<PlanError>>(result)) {
    std::string names;
    for (const std::string& name : error.names) names += " `" + name + "`";
    diagnostics.error(mark, "the services don't fit together:" + names);
  }
  return std::nullopt;
}

Resolved resolve(const std::vector<ServiceDraft>& drafts, const ServiceIndex& index,
                 const ContainerSpec& container) {
  const auto is_off = [&](const Dependency& dependency) {
    const std::optional<std::size_t> found = index.find(dependency.service);
    return !found || !drafts[*found].enabled;
  };
  Resolved resolved{container, {}};
  for (const ServiceDraft& draft : drafts) {
    if (!draft.enabled) continue;
    resolved.services.push_back({draft.spec, draft.profiles, draft.replicas});
    std::erase_if(resolved.services.back().spec.depends_on, is_off);
  }
  return resolved;
}

// `resolved` is for what the plan is made of, where that is wanted.
std::optional<Plan> load(const LoadOptions& options, const Lookup& environment,
                         Diagnostics& diagnostics, Resolved* resolved) {
  const Project project = read_project(options.path, environment, diagnostics);
  EnvFiles env_files(diagnostics);
  std::vector<ServiceDraft> drafts =
      read_services(project, ServiceContext{environment, options.profiles, env_files, diagnostics});
  if (options.program) add_main_program(*options.program, drafts, diagnostics);
  const ServiceIndex index(drafts);
  check_dependencies(drafts, index, diagnostics);
  check_input_owner(drafts, diagnostics);
  ContainerDraft block = read_container(project.container, diagnostics);
  const Mark budget_mark = block.stop_grace_period;
  resolve_logging(drafts, block.logging, block.spec, diagnostics);
  if (options.program) {
    if (block.spec.exit_code_from) {
      diagnostics.warning(block.exit_code_from.mark,
                          "this has no effect: the container's exit code is that of the program on "
                          "the command line");
    }
    block.spec.exit_code_from = kMainService;
    block.exit_code_from = {};
  }
  ContainerSpec container = resolve_targets(std::move(block), drafts, index, diagnostics);
  container.name = project.name;
  check_something_runs(drafts, project.mark, diagnostics);
  if (resolved != nullptr) *resolved = resolve(drafts, index, container);
  std::vector<ServiceSpec> services = make_instances(drafts, index, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  std::optional<Plan> plan =
      make_plan(std::move(services), std::move(container), project.mark, diagnostics);
  if (plan) check_stop_budget(*plan, budget_mark, diagnostics);
  return plan;
}

// An anchor's mistake comes back with each of its aliases; it is said once.
void add_each_once(const Diagnostics& found, Diagnostics& diagnostics) {
  std::set<std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::string_view>> seen;
  for (const Diagnostic& each : found.all()) {
    const Mark& mark = each.mark;
    const std::string_view file =
        mark.source == nullptr ? std::string_view() : std::string_view(mark.source->name);
    if (!seen.emplace(file, mark.line, mark.column, each.message).second) continue;
    switch (each.severity) {
      case Severity::error: diagnostics.error(mark, each.message, each.hint); break;
      case Severity::warning: diagnostics.warning(mark, each.message, each.hint); break;
    }
  }
}

std::optional<Plan> load_reporting_once(const LoadOptions& options, Diagnostics& diagnostics,
                                        Resolved* resolved) {
  const Lookup nothing = [](std::string_view) { return std::nullopt; };
  Diagnostics found;
  std::optional<Plan> plan =
      load(options, options.environment ? options.environment : nothing, found, resolved);
  add_each_once(found, diagnostics);
  return plan;
}

}  // namespace

std::optional<Plan> load_plan(const LoadOptions& options, Diagnostics& diagnostics) {
  return load_reporting_once(options, diagnostics, nullptr);
}

std::optional<Resolved> load_resolved(const LoadOptions& options, Diagnostics& diagnostics) {
  Resolved resolved;
  if (!load_reporting_once(options, diagnostics, &resolved)) return std::nullopt;
  return resolved;
}

}  // namespace pid1::config
