#include "tests/model/policy.h"

#include <algorithm>

#include "tests/model/policy_graph.h"
#include "tests/model/policy_signals.h"

namespace pid1::model {

namespace {

using Stage = Orchestrator::Stage;

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
  const Phase was = step.before.phase(id);
  const Phase is = step.after.phase(id);
  const Past& service = step.after.past(id);
  const bool prepares_again = is == Phase::preparing && was != Phase::preparing;
  const bool spawns_again = was != Phase::preparing &&
                            step.after.reality(id).generation != step.before.reality(id).generation;
  const bool gone = is == Phase::backoff || is_final(is) || prepares_again || spawns_again;
  if (!has_process(was) || !gone || !service.status) return std::nullopt;
  if (const auto* failed = std::get_if<SpawnFailed>(&step.event)) {
    if (failed->fault == SpawnFault::system) return std::nullopt;
  }
  const bool ran = service.last_end_ran && step.before.past(id).verdict == Verdict::none;
  return End{*service.status, ran && is_success(step.after.plan()[id], *service.status)};
}

EndAction failure_action(const SimWorld& world, ServiceId id) {
  const ServiceSpec& spec = world.plan()[id];
  return world.past(id).out_of_memory ? spec.on_oom.value_or(spec.on_failure) : spec.on_failure;
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
                        (policy.condition == RestartCondition::on_failure && !end.success) ||
                        step.before.past(id).verdict == Verdict::unhealthy;
  const EndAction on_failure = failure_action(step.after, id);
  if (!restarts) return sequel_of(end.success ? spec.on_success : on_failure, end.success);
  const auto lately = std::ranges::count_if(step.before.past(id).restarts, [&](Time at) {
    return step.after.now() - at < policy.window;
  });
  if (policy.max_attempts == 0 || lately < std::int64_t{policy.max_attempts}) {
    return Sequel::restarts;
  }
  return sequel_of(on_failure, false);
}

std::optional<std::string> wrong_sequel(const Step& step, ServiceId id) {
  const auto end = unasked_end(step, id);
  if (!end) return std::nullopt;
  const Phase is = step.after.phase(id);
  const std::string& who = step.after.plan()[id].name;
  switch (expected_sequel(step, id, *end)) {
    case Sequel::restarts:
      // A shutdown that another's end began may have taken it out of its pause at once.
      if (is == Phase::backoff || is == Phase::spawning || is == Phase::preparing) break;
      if (step.after.shutdown_since()) break;
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

bool ends_container(const SimWorld& world, ServiceId id, Phase phase) {
  const ServiceSpec& spec = world.plan()[id];
  const EndAction action = phase == Phase::failed ? failure_action(world, id) : spec.on_success;
  return action == EndAction::shutdown || world.plan().container().exit_code_from == spec.name;
}

bool nothing_left(const SimWorld& world) {
  if (world.plan().container().stays) return false;
  for (std::size_t i = 0; i < world.size(); ++i) {
    if (!is_final(world.past(i).phase)) return false;
  }
  return true;
}

std::optional<std::string> wrong_shutdown(const Step& step) {
  if (step.before.shutdown_since()) return std::nullopt;
  const bool sick = step.after.unhealthy_now();
  bool reason = is_asked(step) || nothing_left(step.after) || sick;
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    reason = reason ||
             (ended_for_good(step, id) && ends_container(step.after, id, step.after.phase(id)));
  }
  const bool created = step.after.core().stage() == Stage::created;
  if (reason && !created && !step.after.shutdown_since()) return "the shutdown should have begun";
  if (!reason && step.after.shutdown_since()) return "the shutdown began for no reason";
  return std::nullopt;
}

// A program that fails never counts as a success, whatever code it had.
int failure_code(const SimWorld& world, ServiceId id) {
  const auto& status = world.core().service(id).last_status();
  return status && exit_code(*status) != 0 ? exit_code(*status) : 1;
}

}  // namespace

bool policy_allows_code(const SimWorld& world, int code) {
  const Plan& plan = world.plan();
  if (plan.container().exit_code_from) {
    const ServiceId id = *plan.find(*plan.container().exit_code_from);
    const Past& service = world.past(id);
    if (service.phase == Phase::failed) return code == failure_code(world, id);
    if (service.status) return code == exit_code(*service.status);
  }
  const bool asked = world.core().cause()->kind == ShutdownCause::Kind::asked;
  const bool lacks_code =
      plan.container().exit_code_from || (plan.container().must_start && !world.ran());
  if (asked && lacks_code) {
    return code == 128 + world.core().cause()->signal.signo;
  }
  bool somebody_failed = false;
  for (const ServiceId id : world.failed_then()) {
    if (!ends_container(world, id, Phase::failed)) continue;
    somebody_failed = true;
    if (code == failure_code(world, id)) return true;
  }
  if (world.unhealthy_then()) return code == 1;
  return !somebody_failed && code == 0;
}

std::optional<std::string> policy_broken(const Step& step) {
  if (auto what = wrong_forward(step)) return what;
  if (auto what = wrong_reload(step)) return what;
  if (step.before.core().stage() != Stage::supervising) return std::nullopt;
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    if (auto what = wrong_sequel(step, id)) return what;
    if (auto what = wrong_loss(step, id)) return what;
  }
  if (auto what = wrong_stop(step)) return what;
  if (auto what = wrong_fall(step)) return what;
  return wrong_shutdown(step);
}

}  // namespace pid1::model
