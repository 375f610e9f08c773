#include "tests/model/policy.h"

#include <algorithm>

namespace pid1::model {

namespace {

using Stage = Orchestrator::Stage;

bool is_settled(Phase phase) {
  return phase == Phase::stopped || phase == Phase::exited || phase == Phase::failed;
}

bool is_final(Phase phase) { return phase == Phase::exited || phase == Phase::failed; }

bool met(const SimWorld& world, const Edge& edge) {
  const Reality& other = world.reality(edge.service);
  if (!edge.required && is_settled(other.phase)) return true;
  if (world.leaving(edge.service)) return false;
  return edge.condition == Condition::started ? other.launched : other.phase == Phase::exited;
}

// Whether a dependent that is on its way down still has a process.
bool held(const SimWorld& world, ServiceId id) {
  return std::ranges::any_of(world.plan().dependents(id), [&](const Edge& edge) {
    const Reality& other = world.reality(edge.service);
    const bool there = other.main != Reality::Main::none || other.phase == Phase::draining;
    return there && world.leaving(edge.service);
  });
}

bool is_success(const ServiceSpec& spec, const ExitStatus& status) {
  const int code = exit_code(status);
  return code == 0 || std::ranges::count(spec.success_exit_codes, code) > 0;
}

// How a service's process came to its end in this step, if it did and nobody wanted that.
struct End {
  ExitStatus status;
  bool success = false;
};

std::optional<End> unasked_end(const Step& step, ServiceId id) {
  if (step.before.leaving(id)) return std::nullopt;
  const Phase was = step.before.reality(id).phase;
  const Phase is = step.after.reality(id).phase;
  const Reality& service = step.after.reality(id);
  const bool had_process =
      was == Phase::spawning || was == Phase::running || was == Phase::draining;
  const bool gone = is == Phase::backoff || is_final(is) ||
                    service.generation != step.before.reality(id).generation;
  if (!had_process || !gone || !service.status) return std::nullopt;
  if (const auto* failed = std::get_if<SpawnFailed>(&step.event)) {
    if (failed->fault == SpawnFault::system) return std::nullopt;
    return End{*service.status, false};
  }
  return End{*service.status, is_success(step.after.plan()[id], *service.status)};
}

enum class Sequel { restarts, exits, fails };

Sequel sequel_of(EndAction action, bool success) {
  if (action == EndAction::restart) return Sequel::restarts;
  return success ? Sequel::exits : Sequel::fails;
}

Sequel expected_sequel(const Step& step, ServiceId id, const End& end) {
  const ServiceSpec& spec = step.after.plan()[id];
  const RestartPolicy& policy = spec.restart;
  const bool restarts = policy.condition == RestartCondition::always ||
                        (policy.condition == RestartCondition::on_failure && !end.success);
  if (!restarts) return sequel_of(end.success ? spec.on_success : spec.on_failure, end.success);
  const auto lately = std::ranges::count_if(step.before.reality(id).restarts, [&](Time at) {
    return step.after.now() - at < policy.window;
  });
  if (policy.max_attempts == 0 || lately < std::int64_t{policy.max_attempts}) {
    return Sequel::restarts;
  }
  return sequel_of(spec.on_failure, false);
}

std::optional<std::string> wrong_sequel(const Step& step, ServiceId id) {
  const auto end = unasked_end(step, id);
  if (!end) return std::nullopt;
  const Phase is = step.after.reality(id).phase;
  const std::string& who = step.after.plan()[id].name;
  switch (expected_sequel(step, id, *end)) {
    case Sequel::restarts:
      // A shutdown that another's end began may have taken it out of its pause at once.
      if (is == Phase::backoff || is == Phase::spawning || step.after.shutdown_since()) break;
      return who + " wasn't restarted";
    case Sequel::exits:
      if (is == Phase::exited) break;
      return who + " ended for good with success, but isn't exited";
    case Sequel::fails:
      if (is == Phase::failed) break;
      return who + " ended for good without success, but isn't failed";
  }
  return std::nullopt;
}

// The services that came to an end for good in this step.
bool ended_for_good(const Step& step, ServiceId id) {
  const Phase is = step.after.reality(id).phase;
  return is_final(is) && step.before.reality(id).phase != is;
}

bool ends_container(const Plan& plan, ServiceId id, Phase phase) {
  const ServiceSpec& spec = plan[id];
  const EndAction action = phase == Phase::failed ? spec.on_failure : spec.on_success;
  return action == EndAction::shutdown || plan.container().exit_code_from == spec.name;
}

const SignalRule* rule_received(const Step& step) {
  const auto* signal = std::get_if<SignalReceived>(&step.event);
  if (signal == nullptr) return nullptr;
  return &step.after.plan().container().signals[static_cast<std::size_t>(signal->signo)];
}

// The signal that a service has to get of one that is forwarded, or 0.
int signal_due(const Step& step, const SignalRule& rule, ServiceId id) {
  const Phase phase = step.before.reality(id).phase;
  const bool can_hear = phase == Phase::running || phase == Phase::stopping;
  if (rule.kind != SignalRule::Kind::forward || !can_hear) return 0;
  if (rule.only.empty()) {
    return rule.as == 0 ? std::get<SignalReceived>(step.event).signo : rule.as;
  }
  const auto target =
      std::ranges::find(rule.only, step.after.plan()[id].name, &std::pair<std::string, int>::first);
  return target == rule.only.end() ? 0 : target->second;
}

std::optional<std::string> wrong_forward(const Step& step) {
  const SignalRule* rule = rule_received(step);
  if (rule == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    const int due = signal_due(step, *rule, id);
    const auto is_it = [&](const Command& command) {
      const auto* sent = std::get_if<Signal>(&command);
      return sent != nullptr && sent->service == id && sent->signo == due &&
             sent->scope == rule->scope;
    };
    if (due == 0 || std::ranges::any_of(step.commands, is_it)) continue;
    return step.after.plan()[id].name + " didn't get a signal that is forwarded";
  }
  return std::nullopt;
}

bool reaches_nobody(const Step& step, const SignalRule& rule) {
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    if (signal_due(step, rule, ServiceId{static_cast<std::uint32_t>(i)}) != 0) return false;
  }
  return true;
}

bool is_asked(const Step& step) {
  const SignalRule* rule = rule_received(step);
  if (rule == nullptr) return false;
  switch (rule->kind) {
    case SignalRule::Kind::shutdown: return true;
    case SignalRule::Kind::forward:
      return asks_for_end(std::get<SignalReceived>(step.event).signo) &&
             reaches_nobody(step, *rule);
    case SignalRule::Kind::ignore: return false;
  }
  return false;
}

bool nothing_left(const SimWorld& world) {
  if (world.plan().container().stays) return false;
  for (std::size_t i = 0; i < world.size(); ++i) {
    if (!is_final(world.reality(i).phase)) return false;
  }
  return true;
}

std::optional<std::string> wrong_shutdown(const Step& step) {
  if (step.before.shutdown_since()) return std::nullopt;
  bool reason = is_asked(step) || nothing_left(step.after);
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    reason = reason || (ended_for_good(step, id) &&
                        ends_container(step.after.plan(), id, step.after.reality(id).phase));
  }
  const bool created = step.after.core().stage() == Stage::created;
  if (reason && !created && !step.after.shutdown_since()) return "the shutdown should have begun";
  if (!reason && step.after.shutdown_since()) return "the shutdown began for no reason";
  return std::nullopt;
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
    const bool was_up = !is_settled(step.before.reality(id).phase);
    const bool has_to_go = was_up && (stop->service == id || loses_one);
    const bool goes = step.before.core().wanted(id) && !after.core().wanted(id);
    if (goes && !has_to_go) return after.plan()[id].name + " was stopped for no reason";
    if (has_to_go && after.core().wanted(id))
      return after.plan()[id].name + " should have been stopped";
  }
  return std::nullopt;
}

// A program that fails never counts as a success, whatever code it had.
int failure_code(const SimWorld& world, ServiceId id) {
  const auto& status = world.core().service(id).last_status();
  return status && exit_code(*status) != 0 ? exit_code(*status) : 1;
}

}  // namespace

bool may_spawn(const SimWorld& world, ServiceId id, Phase from) {
  const bool starts = from == Phase::waiting || is_settled(from);
  if (!starts) return true;
  return !held(world, id) &&
         std::ranges::all_of(world.plan().dependencies(id),
                             [&](const Edge& edge) { return met(world, edge); });
}

std::optional<std::string> wedged(const SimWorld& world, ServiceId id) {
  if (world.core().stage() != Stage::supervising) return std::nullopt;
  const Phase phase = world.reality(id).phase;
  if (phase == Phase::waiting) {
    if (world.leaving(id)) return " is leaving, but waits to start";
    const bool hopes = std::ranges::any_of(world.plan().dependencies(id), [&](const Edge& edge) {
      return !met(world, edge) && !is_settled(world.reality(edge.service).phase);
    });
    if (!hopes && !held(world, id)) return " waits for nothing that can still come";
  }
  if (phase == Phase::running && world.leaving(id) && !held(world, id)) {
    return " is leaving, but nobody stops it";
  }
  return std::nullopt;
}

bool policy_allows_code(const SimWorld& world, int code) {
  const Plan& plan = world.plan();
  if (plan.container().exit_code_from) {
    const ServiceId id = *plan.find(*plan.container().exit_code_from);
    const Reality& service = world.reality(id);
    if (service.phase == Phase::failed) return code == failure_code(world, id);
    if (service.status) return code == exit_code(*service.status);
  }
  const bool asked = world.core().cause()->kind == ShutdownCause::Kind::asked;
  if (plan.container().must_start && asked && !world.ran()) {
    return code == 128 + world.core().cause()->signal.signo;
  }
  bool somebody_failed = false;
  for (const ServiceId id : world.failed_then()) {
    if (!ends_container(plan, id, Phase::failed)) continue;
    somebody_failed = true;
    if (code == failure_code(world, id)) return true;
  }
  return !somebody_failed && code == 0;
}

std::optional<std::string> policy_broken(const Step& step) {
  if (auto what = wrong_forward(step)) return what;
  if (step.before.core().stage() != Stage::supervising) return std::nullopt;
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    if (auto what = wrong_sequel(step, ServiceId{static_cast<std::uint32_t>(i)})) return what;
  }
  if (auto what = wrong_stop(step)) return what;
  return wrong_shutdown(step);
}

}  // namespace pid1::model
