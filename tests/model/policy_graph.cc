#include "tests/model/policy_graph.h"

#include <algorithm>
#include <vector>

#include "tests/model/policy.h"

namespace pid1::model {

namespace {

using Stage = Orchestrator::Stage;

bool met(const SimWorld& world, const Edge& edge) {
  const Past& other = world.past(edge.service);
  if (!edge.required && is_settled(other.phase)) return true;
  if (world.leaving(edge.service)) return false;
  switch (edge.condition) {
    case Condition::started: return other.launched && other.phase != Phase::failed;
    case Condition::healthy: return world.healthy(edge.service);
    case Condition::completed: return other.phase == Phase::exited;
  }
  return false;
}

// Whether a dependent that is on its way down still has a process.
bool held(const SimWorld& world, ServiceId id) {
  return std::ranges::any_of(world.plan().dependents(id), [&](const Edge& edge) {
    return has_process(world.phase(edge.service)) && world.leaving(edge.service);
  });
}

}  // namespace

bool is_settled(Phase phase) {
  return phase == Phase::stopped || phase == Phase::exited || phase == Phase::failed;
}

bool is_final(Phase phase) { return phase == Phase::exited || phase == Phase::failed; }

bool has_process(Phase phase) {
  return !is_settled(phase) && phase != Phase::waiting && phase != Phase::backoff;
}

bool ended_for_good(const Step& step, ServiceId id) {
  const Phase is = step.after.phase(id);
  return is_final(is) && step.before.phase(id) != is;
}

// A stop takes down those that require what is stopped, and nothing else.
std::optional<std::string> wrong_stop(const Step& step) {
  const auto* stop = std::get_if<StopRequested>(&step.event);
  if (stop == nullptr) return std::nullopt;
  const SimWorld& after = step.after;
  for (std::size_t i = 0; i < after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    const bool loses_one =
        std::ranges::any_of(after.plan().dependencies(id), [&](const Edge& edge) {
          const bool goes =
              step.before.core().wanted(edge.service) && !after.core().wanted(edge.service);
          return edge.required && goes;
        });
    const bool was_up = !is_settled(step.before.phase(id));
    const bool has_to_go = was_up && (stop->service == id || loses_one);
    const bool goes = step.before.core().wanted(id) && !after.core().wanted(id);
    if (goes && !has_to_go) return after.plan()[id].name + " was stopped for no reason";
    if (has_to_go && after.core().wanted(id))
      return after.plan()[id].name + " should have been stopped";
  }
  return std::nullopt;
}

// A failure for good takes down those that require what failed, each after those that require it:
// all that are up, and nothing else.
std::optional<std::string> wrong_fall(const Step& step) {
  const SimWorld& before = step.before;
  const SimWorld& after = step.after;
  if (after.shutdown_since()) return std::nullopt;
  std::vector<bool> falls(after.size());
  for (const ServiceId id : after.plan().start_order()) {
    falls[index(id)] = std::ranges::any_of(after.plan().dependencies(id), [&](const Edge& edge) {
      const bool failed =
          ended_for_good(step, edge.service) && after.phase(edge.service) == Phase::failed;
      return edge.required && (failed || falls[index(edge.service)]);
    });
    const Phase was = before.phase(id);
    const bool was_up = has_process(was) || was == Phase::backoff;
    const bool rises = !was_up || before.leaving(id);
    falls[index(id)] = falls[index(id)] && !rises && !ended_for_good(step, id);
    const bool doomed = !before.core().doomed_by(id) && after.core().doomed_by(id);
    const std::string& who = after.plan()[id].name;
    if (doomed && !falls[index(id)]) return who + " is taken down for no reason";
    if (falls[index(id)] && !after.leaving(id) && !is_settled(after.phase(id))) {
      return who + " stays up though what it requires failed";
    }
  }
  return std::nullopt;
}

// Whoever was taken down has failed as what it required has.
std::optional<std::string> wrong_loss(const Step& step, ServiceId id) {
  const auto doomed_by = step.before.core().doomed_by(id);
  const bool settles = is_settled(step.after.phase(id)) && !is_settled(step.before.phase(id));
  const bool requested = std::holds_alternative<StopRequested>(step.event) ||
                         std::holds_alternative<RestartRequested>(step.event) ||
                         std::holds_alternative<StartRequested>(step.event);
  if (!doomed_by || !settles || requested || step.after.shutdown_since()) return std::nullopt;
  const bool with_it = step.after.core().service(id).last_status() ==
                       step.after.core().service(*doomed_by).last_status();
  if (step.after.phase(id) == Phase::failed && with_it) return std::nullopt;
  return step.after.plan()[id].name + " was taken down, but has not failed with what it required";
}

bool may_spawn(const SimWorld& world, ServiceId id, Phase from) {
  const bool starts = from == Phase::waiting || is_settled(from);
  if (!starts) return true;
  return !held(world, id) &&
         std::ranges::all_of(world.plan().dependencies(id),
                             [&](const Edge& edge) { return met(world, edge); });
}

std::optional<std::string> wedged(const SimWorld& world, ServiceId id) {
  if (world.core().stage() != Stage::supervising) return std::nullopt;
  const Phase phase = world.phase(id);
  if (phase == Phase::waiting) {
    if (world.leaving(id)) return " is leaving, but waits to start";
    const bool hopes = std::ranges::any_of(world.plan().dependencies(id), [&](const Edge& edge) {
      return !met(world, edge) && !is_settled(world.phase(edge.service));
    });
    if (!hopes && !held(world, id)) return " waits for nothing that can still come";
  }
  if (phase == Phase::preparing && world.leaving(id)) return " is leaving, but goes on to start";
  if (phase == Phase::running && world.leaving(id) && !held(world, id)) {
    return " is leaving, but nobody stops it";
  }
  return std::nullopt;
}

}  // namespace pid1::model
