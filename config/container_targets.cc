#include "config/container_targets.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pid1::config {

namespace {

bool has_replica(const ServiceDraft& draft, const std::string& name) {
  if (!draft.replicas || !name.starts_with(draft.spec.name + "-")) return false;
  const std::vector<std::string> names = instance_names(draft);
  return std::ranges::find(names, name) != names.end();
}

// The names under which what is called `name` runs; none where it is off; nullopt after an error.
std::optional<std::vector<std::string>> find_instances(const std::string& name,
                                                       const NamePlace& place,
                                                       std::span<const ServiceDraft> drafts,
                                                       const ServiceIndex& index,
                                                       Diagnostics& diagnostics) {
  if (const std::optional<std::size_t> found = index.find(name)) {
    const ServiceDraft& draft = drafts[*found];
    return draft.enabled ? instance_names(draft) : std::vector<std::string>{};
  }
  for (const ServiceDraft& draft : drafts) {
    if (draft.enabled && has_replica(draft, name)) return std::vector{name};
  }
  report_missing(name, place, index, diagnostics);
  return std::nullopt;
}

std::optional<std::string> resolve_exit_code_from(const std::string& name, const NamePlace& place,
                                                  std::span<const ServiceDraft> drafts,
                                                  const ServiceIndex& index,
                                                  Diagnostics& diagnostics) {
  const auto instances = find_instances(name, place, drafts, index, diagnostics);
  if (!instances) return std::nullopt;
  if (instances->size() == 1) return instances->front();
  if (instances->empty()) {
    diagnostics.error(place.mark, "the service `" + name + "` doesn't run",
                      "turn it on, or name another one");
  } else {
    diagnostics.error(place.mark, "the service `" + name + "` has replicas",
                      "name one of them, such as `" + instances->front() + "`");
  }
  return std::nullopt;
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
    const auto names = find_instances(target.service, {target.mark}, drafts, index, diagnostics);
    if (!names) continue;
    for (const std::string& name : *names) {
      rule.kind = SignalRule::Kind::forward;
      rule.only.emplace_back(name, target.as);
    }
  }
  return spec;
}

}  // namespace pid1::config
