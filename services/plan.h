#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/spec.h"

namespace pid1 {

// A service's place in its plan.
enum class ServiceId : std::uint32_t {};

constexpr std::size_t index(ServiceId id) { return static_cast<std::size_t>(id); }

// How long a stop of the service alone takes at the most: its grace period, and as much again for
// its post_stop hooks.
Duration stop_time(const ServiceSpec& spec);

// One edge of the dependency graph, seen from either end: `service` is the other one.
struct Edge {
  ServiceId service;
  Condition condition = Condition::started;
  bool restart = false;
  bool required = true;
};

// Why a set of services is no plan.
struct PlanError {
  enum class Kind {
    duplicate_name,      // two services have the name `names[0]`
    unknown_dependency,  // names[0] depends on names[1], which isn't there, and requires it
    cycle,               // names: a, b, a
    unknown_exit_code_from,
    unknown_signal_target,
  };
  Kind kind;
  std::vector<std::string> names;
};

// Services with a dependency graph that is known to be complete and acyclic. Can't be constructed
// otherwise, and never changes.
class Plan {
 public:
  using Result = std::variant<Plan, std::vector<PlanError>>;

  // A dependency on a service that isn't there is dropped unless it is required.
  static Result create(std::vector<ServiceSpec> services, ContainerSpec container = {});

  std::size_t size() const { return services_.size(); }
  std::span<const ServiceSpec> services() const { return services_; }
  const ServiceSpec& operator[](ServiceId id) const { return services_[pid1::index(id)]; }
  const ContainerSpec& container() const { return container_; }
  std::optional<ServiceId> find(std::string_view name) const;

  // What a service depends on, and what depends on it.
  std::span<const Edge> dependencies(ServiceId id) const { return dependencies_[pid1::index(id)]; }
  std::span<const Edge> dependents(ServiceId id) const { return dependents_[pid1::index(id)]; }

  // Every dependency before its dependents; otherwise as written.
  std::span<const ServiceId> start_order() const { return start_order_; }

  // How long a stop of this service and of all that it depends on takes at the most.
  Duration stop_path(ServiceId id) const { return stops_[pid1::index(id)].path; }
  // The services that take the longest, in the order in which they stop; empty in an empty plan.
  std::vector<ServiceId> longest_stop() const;

  // The time that the whole shutdown may take: as configured; else 9 s, just under the 10 s of
  // `docker stop`, or the longest path of the grace periods that were given and a second for the
  // sweep at the end, if that is longer.
  Duration stop_budget() const { return stop_budget_; }

 private:
  struct Stop {
    Duration below{};  // of what it depends on
    Duration path{};   // and its own
    std::optional<ServiceId> next{};
  };

  Plan() = default;
  template <typename StopTime>
  std::vector<Stop> measure(StopTime time) const;

  std::vector<ServiceSpec> services_;
  ContainerSpec container_;
  std::vector<std::vector<Edge>> dependencies_;
  std::vector<std::vector<Edge>> dependents_;
  std::vector<ServiceId> start_order_;
  std::vector<Stop> stops_;
  Duration stop_budget_{};
};

}  // namespace pid1
