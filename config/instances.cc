#include "config/instances.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "config/processes.h"

namespace pid1::config {

namespace {

constexpr std::string_view kReplicaVariable = "PID1_REPLICA";

// Bounds the memory that a short file can ask for.
constexpr std::size_t kMostInstances = 10'000;
constexpr std::size_t kMostEdges = 1'000'000;

std::size_t count_instances(const ServiceDraft& draft) {
  return draft.enabled ? draft.replicas.value_or(1) : 0;
}

// Of each service, the names it runs under.
using Names = std::vector<std::vector<std::string>>;

Names name_instances(const std::vector<ServiceDraft>& drafts) {
  Names names;
  for (const ServiceDraft& draft : drafts) {
    names.push_back(draft.enabled ? instance_names(draft) : std::vector<std::string>{});
  }
  return names;
}

// A replica may have the name of another service, or of its replica.
void check_names(const std::vector<ServiceDraft>& drafts, const Names& names,
                 Diagnostics& diagnostics) {
  std::map<std::string_view, std::size_t> owners;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    for (const std::string& name : names[i]) {
      const auto [owner, is_new] = owners.emplace(name, i);
      if (is_new) continue;
      // The one to rename is the one that isn't numbered.
      const std::size_t renamed = drafts[i].replicas ? owner->second : i;
      const std::size_t scaled = renamed == i ? owner->second : i;
      diagnostics.error(drafts[renamed].mark,
                        "`" + name + "` is also a replica of `" + drafts[scaled].spec.name + "`",
                        "give one of them another name");
    }
  }
}

bool check_size(const std::vector<ServiceDraft>& drafts, const ServiceIndex& index,
                Diagnostics& diagnostics) {
  std::size_t instances = 0;
  std::size_t edges = 0;
  for (const ServiceDraft& draft : drafts) {
    instances += count_instances(draft);
    for (const Dependency& dependency : draft.spec.depends_on) {
      if (const std::optional<std::size_t> other = index.find(dependency.service)) {
        edges += count_instances(draft) * count_instances(drafts[*other]);
      }
    }
    if (instances > kMostInstances) {
      diagnostics.error(draft.mark,
                        "more than " + std::to_string(kMostInstances) + " services, with replicas");
      return false;
    }
    if (edges > kMostEdges) {
      diagnostics.error(
          draft.mark, "more than " + std::to_string(kMostEdges) + " dependencies between replicas");
      return false;
    }
  }
  return true;
}

std::vector<Dependency> expand_dependencies(const std::vector<Dependency>& dependencies,
                                            const Names& names, const ServiceIndex& index) {
  std::vector<Dependency> expanded;
  for (const Dependency& dependency : dependencies) {
    const std::optional<std::size_t> other = index.find(dependency.service);
    if (!other) continue;
    for (const std::string& name : names[*other]) {
      expanded.push_back(dependency);
      expanded.back().service = name;
    }
  }
  return expanded;
}

void add_instances(ServiceDraft& draft, const std::vector<std::string>& names,
                   std::vector<ServiceSpec>& instances) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    instances.push_back(last ? std::move(draft.spec) : draft.spec);
    ServiceSpec& instance = instances.back();
    instance.name = names[i];
    if (!draft.replicas) continue;
    instance.replica = static_cast<std::uint32_t>(i + 1);
    for (ProcessSpec* process : processes_of(instance)) {
      process->environment.push_back({std::string(kReplicaVariable), std::to_string(i + 1)});
    }
  }
}

}  // namespace

std::vector<ServiceSpec> make_instances(std::vector<ServiceDraft>& drafts,
                                        const ServiceIndex& index, Diagnostics& diagnostics) {
  if (!check_size(drafts, index, diagnostics)) return {};
  const Names names = name_instances(drafts);
  check_names(drafts, names, diagnostics);
  for (ServiceDraft& draft : drafts) {
    draft.spec.depends_on = expand_dependencies(draft.spec.depends_on, names, index);
  }
  std::vector<ServiceSpec> instances;
  for (std::size_t i = 0; i < drafts.size(); ++i) add_instances(drafts[i], names[i], instances);
  drafts.clear();
  return instances;
}

}  // namespace pid1::config
