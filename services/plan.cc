#include "services/plan.h"

#include <algorithm>
#include <unordered_map>

namespace pid1 {

namespace {

constexpr Duration kUnderDockerStop = std::chrono::seconds(9);
constexpr Duration kSweep = std::chrono::seconds(1);

using Index = std::unordered_map<std::string_view, ServiceId>;

Index index_names(std::span<const ServiceSpec> services, std::vector<PlanError>& errors) {
  Index names;
  names.reserve(services.size());
  for (std::size_t i = 0; i < services.size(); ++i) {
    if (!names.emplace(services[i].name, static_cast<ServiceId>(i)).second) {
      errors.push_back({PlanError::Kind::duplicate_name, {services[i].name}});
    }
  }
  return names;
}

void check_container(const ContainerSpec& container, const Index& names,
                     std::vector<PlanError>& errors) {
  if (container.exit_code_from && !names.contains(*container.exit_code_from)) {
    errors.push_back({PlanError::Kind::unknown_exit_code_from, {*container.exit_code_from}});
  }
  for (const SignalRule& rule : container.signals) {
    for (const auto& [service, signo] : rule.only) {
      if (!names.contains(service)) {
        errors.push_back({PlanError::Kind::unknown_signal_target, {service}});
      }
    }
  }
}

// Follows unordered services from one to the next until one comes again. There is such a path from
// each: an unordered service has a dependency that is unordered too.
std::vector<std::string> find_cycle(std::span<const ServiceSpec> services,
                                    const std::vector<std::vector<Edge>>& dependencies,
                                    const std::vector<std::size_t>& unmet) {
  const auto first = std::ranges::find_if(unmet, [](std::size_t n) { return n > 0; });
  std::size_t at = static_cast<std::size_t>(first - unmet.begin());
  std::vector<std::size_t> path;
  auto seen = path.end();
  while ((seen = std::ranges::find(path, at)) == path.end()) {
    path.push_back(at);
    const auto next = std::ranges::find_if(
        dependencies[at], [&](const Edge& edge) { return unmet[index(edge.service)] > 0; });
    at = index(next->service);
  }
  std::vector<std::string> names;
  for (; seen != path.end(); ++seen) names.push_back(services[*seen].name);
  names.push_back(services[at].name);
  return names;
}

// Grace periods may be as long as a Duration can say.
Duration add(Duration a, Duration b) { return b > Duration::max() - a ? Duration::max() : a + b; }

}  // namespace

Duration stop_time(const ServiceSpec& spec) {
  const Duration grace = spec.stop.grace;
  return spec.hooks.post_stop.empty() ? grace : add(grace, grace);
}

Plan::Result Plan::create(std::vector<ServiceSpec> services, ContainerSpec container) {
  std::vector<PlanError> errors;
  const Index names = index_names(services, errors);
  check_container(container, names, errors);

  const std::size_t count = services.size();
  Plan plan;
  plan.dependencies_.resize(count);
  plan.dependents_.resize(count);
  std::vector<std::size_t> unmet(count, 0);
  for (std::size_t i = 0; i < count; ++i) {
    for (const Dependency& dependency : services[i].depends_on) {
      const auto found = names.find(dependency.service);
      if (found == names.end()) {
        if (dependency.required) {
          errors.push_back(
              {PlanError::Kind::unknown_dependency, {services[i].name, dependency.service}});
        }
        continue;
      }
      const auto edge = [&dependency](ServiceId other) {
        return Edge{other, dependency.condition, dependency.restart, dependency.required};
      };
      plan.dependencies_[i].push_back(edge(found->second));
      plan.dependents_[pid1::index(found->second)].push_back(edge(static_cast<ServiceId>(i)));
      ++unmet[i];
    }
  }
  if (!errors.empty()) return errors;

  // Kahn's algorithm; `start_order_` is its queue too.
  for (std::size_t i = 0; i < count; ++i) {
    if (unmet[i] == 0) plan.start_order_.push_back(static_cast<ServiceId>(i));
  }
  for (std::size_t done = 0; done < plan.start_order_.size(); ++done) {
    for (const Edge& edge : plan.dependents_[pid1::index(plan.start_order_[done])]) {
      if (--unmet[pid1::index(edge.service)] == 0) plan.start_order_.push_back(edge.service);
    }
  }
  if (plan.start_order_.size() != count) {
    return std::vector<PlanError>{
        {PlanError::Kind::cycle, find_cycle(services, plan.dependencies_, unmet)}};
  }

  plan.services_ = std::move(services);
  plan.container_ = std::move(container);
  plan.stops_ = plan.measure(stop_time);
  const auto given = plan.measure(
      [](const ServiceSpec& spec) { return spec.stop.grace_given ? stop_time(spec) : Duration{}; });
  Duration longest_given{};
  for (const Stop& stop : given) longest_given = std::max(longest_given, stop.path);
  plan.stop_budget_ = plan.container_.stop_grace_period.value_or(
      std::max(kUnderDockerStop, add(longest_given, kSweep)));
  return plan;
}

// A dependency that had to complete first takes no time: it isn't there any more. What it depended
// on is.
template <typename StopTime>
std::vector<Plan::Stop> Plan::measure(StopTime time) const {
  std::vector<Stop> stops(size());
  for (const ServiceId id : start_order_) {
    Stop& stop = stops[pid1::index(id)];
    for (const Edge& edge : dependencies(id)) {
      const Stop& dependency = stops[pid1::index(edge.service)];
      const bool is_gone = edge.condition == Condition::completed;
      const Duration path = is_gone ? dependency.below : dependency.path;
      if (path <= stop.below) continue;
      stop.below = path;
      stop.next = is_gone ? dependency.next : edge.service;
    }
    stop.path = add(stop.below, time((*this)[id]));
  }
  return stops;
}

std::optional<ServiceId> Plan::find(std::string_view name) const {
  const auto found = std::ranges::find(services_, name, &ServiceSpec::name);
  if (found == services_.end()) return std::nullopt;
  return static_cast<ServiceId>(found - services_.begin());
}

std::vector<ServiceId> Plan::longest_stop() const {
  if (stops_.empty()) return {};
  const auto longest = std::ranges::max_element(stops_, {}, &Stop::path);
  std::vector<ServiceId> chain;
  std::optional<ServiceId> next = static_cast<ServiceId>(longest - stops_.begin());
  for (; next; next = stops_[pid1::index(*next)].next) chain.push_back(*next);
  return chain;
}

}  // namespace pid1
