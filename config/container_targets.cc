#include "config/container_targets.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/no_effect.h"

namespace pid1::config {

namespace {

bool has_replica(const ServiceDraft& draft, const std::string& name) {
  if (!draft.replicas || !name.starts_with(draft.spec.name + "-")) return false;
  const std::vector<std::string> names = instance_names(draft);
  return std::ranges::find(names, name) != names.end();
}

// A service that the block names, as a whole or one replica of it.
struct Target {
  const ServiceDraft* draft;
  std::vector<std::string> instances;  // under which it runs; none where it is off
};

// nullopt after an error.
std::optional<Target> find_target(const std::string& name, const NamePlace& place,
                                  std::span<const ServiceDraft> drafts, const ServiceIndex& index,
                                  Diagnostics& diagnostics) {
  using Names = std::vector<std::string>;
  if (const std::optional<std::size_t> found = index.find(name)) {
    const ServiceDraft& draft = drafts[*found];
    return Target{&draft, draft.enabled ? instance_names(draft) : Names{}};
  }
  for (const ServiceDraft& draft : drafts) {
    if (has_replica(draft, name)) return Target{&draft, draft.enabled ? Names{name} : Names{}};
  }
  report_missing(name, place, index, diagnostics);
  return std::nullopt;
}

std::optional<std::string> resolve_exit_code_from(const std::string& name, const NamePlace& place,
                                                  std::span<const ServiceDraft> drafts,
                                                  const ServiceIndex& index,
                                                  Diagnostics& diagnostics) {
  const auto target = find_target(name, place, drafts, index, diagnostics);
  if (!target) return std::nullopt;
  const std::vector<std::string>& instances = target->instances;
  if (instances.size() == 1) {
    if (never_ends(target->draft->spec)) {
      diagnostics.warning(place.mark,
                          "`" + target->draft->spec.name +
                              "` is always restarted: the container never ends because of it",
                          "give it `restart: on-failure:5` or \"no\", or name another one");
    }
    return instances.front();
  }
  if (!target->draft->enabled) {
    report_off(*target->draft, place.mark, "name another one", diagnostics);
  } else if (instances.empty()) {
    diagnostics.error(place.mark, "the service `" + name + "` has no replica",
                      "give it a `scale` of 1, or name another one");
  } else {
    diagnostics.error(place.mark, "the service `" + name + "` has replicas",
                      "name one of them, such as `" + instances.front() + "`");
  }
  return std::nullopt;
}

bool can_reload(const ServiceDraft& draft) {
  return draft.enabled && (draft.spec.reload.signal != 0 || draft.spec.reload.command.has_value());
}

void warn_of_idle_reloads(std::span<const Mark> marks, std::span<const ServiceDraft> drafts,
                          Diagnostics& diagnostics) {
  if (diagnostics.has_errors() || std::ranges::any_of(drafts, can_reload)) return;
  for (const Mark& mark : marks) {
    diagnostics.warning(mark, "`reload` has no effect: no service that is on has a `reload`",
                        "give one of them a `reload`, or write `forward` or `ignore`");
  }
}

}  // namespace

ContainerSpec resolve_targets(ContainerDraft container, std::span<const ServiceDraft> drafts,
                              const ServiceIndex& index, Diagnostics& diagnostics) {
  ContainerSpec spec = std::move(container.spec);
  if (spec.exit_code_from) {
    spec.exit_code_from = resolve_exit_code_from(*spec.exit_code_from, container.exit_code_from,
                                                 drafts, index, diagnostics);
  }
  for (const ContainerDraft::Target& target : container.targets) {
    SignalRule& rule = spec.signals[static_cast<std::size_t>(target.signo)];
    const auto found = find_target(target.service, {target.mark}, drafts, index, diagnostics);
    if (!found) continue;
    for (const std::string& name : found->instances) {
      rule.kind = SignalRule::Kind::forward;
      rule.only.emplace_back(name, target.as);
    }
  }
  warn_of_idle_reloads(container.reloads, drafts, diagnostics);
  return spec;
}

}  // namespace pid1::config
