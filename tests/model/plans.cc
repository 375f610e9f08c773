#include "tests/model/plans.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "tests/model/lives.h"

namespace pid1::model {

namespace {

using std::chrono::seconds;

// What a service does at its end, as far as the rest of the graph can tell.
enum class Temperament { final, limited, tireless, decisive, overruling };
constexpr std::array kTemperaments{Temperament::final, Temperament::limited, Temperament::tireless,
                                   Temperament::decisive, Temperament::overruling};

// No edge, or one of the eight kinds.
using Label = unsigned;
constexpr Label kNoEdge = 0;
constexpr Label kPlain = 1;  // started, required, without restart
constexpr Label kLabels = 9;

// `labels[3 * i + j]` is the edge from service i to service j < i on which it depends.
struct Graph {
  std::size_t size = 1;
  std::array<Label, 9> labels{};
  std::array<Temperament, 3> temperaments{};
  auto operator<=>(const Graph&) const = default;
};

ServiceSpec service_with(Temperament temperament) {
  ServiceSpec spec;
  // Equal delays neither grow nor get jitter: runs differ only in what happens.
  spec.restart = {RestartCondition::never, 1, seconds(1), seconds(1), seconds(2)};
  spec.on_success = EndAction::ignore;
  spec.on_failure = EndAction::ignore;
  spec.stop.grace = seconds(2);
  switch (temperament) {
    case Temperament::final: break;
    case Temperament::limited: spec.restart.condition = RestartCondition::on_failure; break;
    case Temperament::tireless:
      spec.restart.condition = RestartCondition::always;
      spec.restart.max_attempts = 0;
      break;
    case Temperament::decisive:
      spec.on_success = EndAction::shutdown;
      spec.on_failure = EndAction::shutdown;
      break;
    case Temperament::overruling:
      spec.restart.condition = RestartCondition::on_failure;
      spec.on_failure = EndAction::restart;
      break;
  }
  return spec;
}

std::string letter(std::size_t i) { return std::string(1, static_cast<char>('a' + i)); }

Dependency edge_with(Label label, std::size_t to) {
  const unsigned bits = label - 1;
  return {.service = letter(to),
          .condition = (bits & 1) == 0 ? Condition::started : Condition::completed,
          .restart = (bits & 2) != 0,
          .required = (bits & 4) == 0};
}

std::vector<ServiceSpec> services_of(const Graph& graph) {
  std::vector<ServiceSpec> services;
  for (std::size_t i = 0; i < graph.size; ++i) {
    services.push_back(service_with(graph.temperaments[i]));
    services.back().name = letter(i);
    for (std::size_t j = 0; j < i; ++j) {
      const Label label = graph.labels[3 * i + j];
      if (label != kNoEdge) services.back().depends_on.push_back(edge_with(label, j));
    }
  }
  return services;
}

constexpr seconds kAmple{30};
constexpr seconds kTight{3};

Plan plan_of(std::vector<ServiceSpec> services, ContainerSpec container) {
  return std::get<Plan>(Plan::create(std::move(services), std::move(container)));
}

Plan plan_of(std::vector<ServiceSpec> services, seconds budget,
             std::optional<std::string> exit_code_from = std::nullopt) {
  ContainerSpec container;
  container.stop_grace_period = budget;
  container.exit_code_from = std::move(exit_code_from);
  return plan_of(std::move(services), std::move(container));
}

// The same graph with its services in another order, if dependencies still come first.
std::optional<Graph> renamed(const Graph& graph, const std::array<std::size_t, 3>& order) {
  Graph other{.size = graph.size};
  for (std::size_t i = 0; i < graph.size; ++i) {
    other.temperaments[order[i]] = graph.temperaments[i];
    for (std::size_t j = 0; j < i; ++j) {
      const Label label = graph.labels[3 * i + j];
      if (label == kNoEdge) continue;
      if (order[j] > order[i]) return std::nullopt;
      other.labels[3 * order[i] + order[j]] = label;
    }
  }
  return other;
}

// The one that stands for all that differ only in the order of their services.
Graph canonical(const Graph& graph) {
  Graph best = graph;
  std::array<std::size_t, 3> order{0, 1, 2};
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(graph.size);
  do {
    const auto other = renamed(graph, order);
    if (other && *other < best) best = *other;
  } while (std::next_permutation(order.begin(), end));
  return best;
}

// Every graph of that size whose labels are below `labels` and whose temperaments are among `all`.
std::set<Graph> graphs(std::size_t size, Label labels, const std::vector<Temperament>& all) {
  const std::size_t edges = size * (size - 1) / 2;
  std::size_t combinations = 1;
  for (std::size_t i = 0; i < edges; ++i) combinations *= labels;
  for (std::size_t i = 0; i < size; ++i) combinations *= all.size();
  std::set<Graph> found;
  for (std::size_t n = 0; n < combinations; ++n) {
    std::size_t rest = n;
    Graph graph{.size = size};
    for (std::size_t i = 0; i < size; ++i) {
      graph.temperaments[i] = all[rest % all.size()];
      rest /= all.size();
      for (std::size_t j = 0; j < i; ++j) {
        graph.labels[3 * i + j] = static_cast<Label>(rest % labels);
        rest /= labels;
      }
    }
    found.insert(canonical(graph));
  }
  return found;
}

constexpr Environment kFullest{};
constexpr Environment kTimeless{
    .clock = Environment::Clock::stands, .group_members = false, .long_runs = false};

void add_single_services(std::vector<Case>& cases) {
  for (const auto condition :
       {RestartCondition::never, RestartCondition::on_failure, RestartCondition::always}) {
    for (const std::uint32_t attempts : {0u, 1u}) {
      for (const auto on_success : {EndAction::ignore, EndAction::restart, EndAction::shutdown}) {
        for (const auto on_failure : {EndAction::ignore, EndAction::restart, EndAction::shutdown}) {
          for (const auto mode : {KillMode::process, KillMode::mixed, KillMode::group}) {
            ServiceSpec spec = service_with(Temperament::limited);
            spec.name = "a";
            spec.restart.condition = condition;
            spec.restart.max_attempts = attempts;
            spec.on_success = on_success;
            spec.on_failure = on_failure;
            spec.stop.kill_mode = mode;
            cases.push_back({"one service", plan_of({spec}, kAmple), kFullest});
            cases.push_back({"one service", plan_of({spec}, kTight, "a"), kFullest});
          }
        }
      }
    }
  }
}

std::vector<ServiceSpec> with_mode(std::vector<ServiceSpec> services, KillMode mode) {
  for (ServiceSpec& spec : services) spec.stop.kill_mode = mode;
  return services;
}

void add_pairs(Depth depth, std::vector<Case>& cases) {
  const std::vector<Temperament> all(kTemperaments.begin(), kTemperaments.end());
  for (const Graph& graph : graphs(2, kLabels, all)) {
    const auto services = services_of(graph);
    cases.push_back({"two services", plan_of(services, kAmple), kTimeless});
    if (graph.labels[3] <= kPlain || depth == Depth::thorough) {
      cases.push_back({"two services, exit code", plan_of(services, kAmple, "a"), kTimeless});
      cases.push_back({"two services, exit code", plan_of(services, kAmple, "b"), kTimeless});
    }
    const bool alike = graph.temperaments[0] == graph.temperaments[1];
    const bool fully = depth == Depth::thorough || (alike && graph.labels[3] <= kPlain) ||
                       (alike && graph.temperaments[0] == Temperament::final);
    if (!fully) continue;
    cases.push_back({"two services, with time", plan_of(services, kTight), kFullest});
    const auto in_groups = with_mode(services, KillMode::group);
    cases.push_back({"two services, with time", plan_of(in_groups, kTight), kFullest});
  }
}

void add_triples(Depth depth, std::vector<Case>& cases) {
  for (const Graph& graph : graphs(3, kLabels, {Temperament::final})) {
    cases.push_back({"three services", plan_of(services_of(graph), kAmple), kTimeless});
  }
  const std::vector<Temperament> mixed{Temperament::final, Temperament::tireless,
                                       Temperament::decisive};
  for (const Graph& graph : graphs(3, kPlain + 1, mixed)) {
    cases.push_back({"three services, mixed", plan_of(services_of(graph), kAmple), kTimeless});
  }
  if (depth == Depth::usual) return;
  for (const Temperament temperament : {Temperament::limited, Temperament::tireless}) {
    for (const Graph& graph : graphs(3, kLabels, {temperament})) {
      cases.push_back({"three services", plan_of(services_of(graph), kAmple), kTimeless});
    }
  }
}

std::vector<LeftoverPolicy> leftover_policies() {
  std::vector<LeftoverPolicy> policies;
  for (const bool awaited : {false, true}) {
    for (const Duration grace : {seconds(0), seconds(1), seconds(5)}) {
      policies.push_back({.awaited = awaited, .grace = grace});
    }
  }
  return policies;
}

std::vector<ContainerSpec> endings() {
  std::vector<ContainerSpec> containers;
  for (const LeftoverPolicy& leftovers : leftover_policies()) {
    for (const bool stays : {false, true}) {
      ContainerSpec container;
      container.stop_grace_period = kTight;
      container.leftovers = leftovers;
      container.stays = stays;
      containers.push_back(container);
    }
  }
  return containers;
}

// Every signal goes to the program.
void forward_all(SignalRules& rules, SignalScope scope) {
  for (SignalRule& rule : rules) rule = {SignalRule::Kind::forward, 0, {}, scope};
}

void add_programs(std::vector<Case>& cases) {
  ServiceSpec program = service_with(Temperament::decisive);
  program.name = "program";
  program.stop.kill_mode = KillMode::process;
  for (ContainerSpec container : endings()) {
    for (const SignalScope scope : {SignalScope::process, SignalScope::group}) {
      forward_all(container.signals, scope);
      container.must_start = true;
      cases.push_back({"one program", plan_of({program}, container), kFullest});
    }
    container.must_start = false;
    cases.push_back({"one program", plan_of({}, container), kFullest});
  }
}

void add_endings(std::vector<Case>& cases) {
  for (const ContainerSpec& container : endings()) {
    cases.push_back({"endings", plan_of({}, container), kFullest});
    for (const Temperament one : kTemperaments) {
      Graph graph{.size = 1, .temperaments = {one}};
      cases.push_back({"endings", plan_of(services_of(graph), container), kFullest});
      graph.size = 2;
      for (const Temperament other : {Temperament::final, Temperament::decisive}) {
        graph.temperaments[1] = other;
        cases.push_back({"endings", plan_of(services_of(graph), container), kTimeless});
      }
    }
  }
}

}  // namespace

std::vector<Case> small_plans(Depth depth) {
  std::vector<Case> cases;
  add_single_services(cases);
  add_pairs(depth, cases);
  add_triples(depth, cases);
  add_programs(cases);
  add_endings(cases);
  add_lives(depth, cases);
  return cases;
}

}  // namespace pid1::model
