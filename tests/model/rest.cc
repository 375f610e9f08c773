#include "tests/model/rest.h"

#include <algorithm>

namespace pid1::model {

namespace {

constexpr int kSigInt = 2;
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

using Found = std::optional<Violation>;
using Stage = Orchestrator::Stage;

// Where a step has to lead, and the signal that what is left has to get in it, or 0.
struct Treatment {
  Stage stage;
  int signo = 0;
};

const LeftoverPolicy& leftovers(const Step& step) {
  return step.after.plan().container().leftovers;
}

bool has_grace(const Step& step) { return leftovers(step).grace != Duration::zero(); }

// The end of the container's services, and how it came about.
Treatment treatment_after_services(const Step& step) {
  const SimWorld& world = step.after;
  const bool awaited = leftovers(step).awaited && !world.hurried();
  if (awaited && !world.asked()) return {Stage::lingering};
  if (!has_grace(step))
    return awaited ? Treatment{Stage::lingering, kSigTerm} : Treatment{Stage::finished};
  return {Stage::sweeping, world.hurried() ? kSigKill : kSigTerm};
}

const SignalRule* rule_heard(const Step& step) {
  const auto* signal = std::get_if<SignalReceived>(&step.event);
  if (signal == nullptr) return nullptr;
  const auto& rules = step.after.plan().container().signals;
  const SignalRule& rule = rules[static_cast<std::size_t>(signal->signo)];
  return concerns_services(rule) ? &rule : nullptr;
}

Treatment treatment_while_lingering(const Step& step) {
  if (std::holds_alternative<AllReaped>(step.event)) return {Stage::finished};
  const SignalRule* rule = rule_heard(step);
  if (rule == nullptr) return {Stage::lingering};
  const int signo = std::get<SignalReceived>(step.event).signo;
  const bool forwards = rule->kind == SignalRule::Kind::forward;
  const int own = rule->as == 0 ? signo : rule->as;
  if (forwards && !asks_for_end(signo)) return {Stage::lingering, rule->only.empty() ? own : 0};
  const bool reloads = rule->kind == SignalRule::Kind::reload;
  if (reloads && !asks_for_end(signo)) return {Stage::lingering};
  return {has_grace(step) ? Stage::sweeping : Stage::lingering, forwards ? own : kSigTerm};
}

Treatment treatment_while_sweeping(const Step& step) {
  if (std::holds_alternative<AllReaped>(step.event)) return {Stage::finished};
  const bool is_late = step.before.rest_signal() == kSigKill;
  if (timer_fired(step, step.before.size())) {
    return is_late ? Treatment{Stage::finished} : Treatment{Stage::sweeping, kSigKill};
  }
  const bool hurries = rule_heard(step) != nullptr &&
                       std::get<SignalReceived>(step.event).signo == kSigInt &&
                       !step.before.hurried();
  return {Stage::sweeping, hurries ? kSigKill : 0};
}

bool is_past_services(Stage stage) {
  return stage == Stage::lingering || stage == Stage::sweeping || stage == Stage::finished;
}

Treatment treatment_due(const Step& step) {
  switch (step.before.core().stage()) {
    case Stage::created:
    case Stage::supervising:
    case Stage::stopping: {
      const Stage stage = step.after.core().stage();
      return is_past_services(stage) ? treatment_after_services(step) : Treatment{stage};
    }
    case Stage::lingering: return treatment_while_lingering(step);
    case Stage::sweeping: return treatment_while_sweeping(step);
    case Stage::finished: break;
  }
  return {Stage::finished};
}

// The sum stands for a second signal, which is one too many.
int signal_to_rest(const Step& step) {
  int sum = 0;
  for (const Command& command : step.commands) {
    if (const auto* signal = std::get_if<SignalRest>(&command)) sum += signal->signo;
  }
  return sum;
}

bool main_left(const SimWorld& world) {
  for (std::size_t i = 0; i < world.size(); ++i) {
    if (world.reality(i).main != Presence::Main::none) return true;
  }
  return false;
}

Found check_treatment(const Step& step) {
  const Treatment due = treatment_due(step);
  const Stage stage = step.after.core().stage();
  if (stage != due.stage) {
    return Violation{Invariant::policy_decides, "what is left is treated too early or too late"};
  }
  if (signal_to_rest(step) != due.signo) {
    return Violation{Invariant::policy_decides, "what is left got signal " +
                                                    std::to_string(signal_to_rest(step)) +
                                                    " instead of " + std::to_string(due.signo)};
  }
  if (is_past_services(stage) && main_left(step.after) && !step.after.hurried()) {
    return Violation{Invariant::policy_decides, "what is left is treated before the services"};
  }
  return std::nullopt;
}

// Its own grace, and no more than is left of the budget, which begins when the end is asked for.
Found check_grace(const Step& step) {
  const Stage was = step.before.core().stage();
  const bool begins = was != Stage::sweeping && step.after.core().stage() == Stage::sweeping &&
                      !step.after.hurried();
  if (!begins) return std::nullopt;
  const Time now = step.after.now();
  const Time since = was == Stage::lingering ? now : *step.after.shutdown_since();
  const Time end = later(since, step.after.plan().stop_budget());
  const Time due = std::max(now, std::min(end, later(now, leftovers(step).grace)));
  if (step.after.timer(step.after.size()).due == due) return std::nullopt;
  return Violation{Invariant::grace_is_kept, "what is left has not the grace that is its due"};
}

Found check_timer(const SimWorld& world) {
  const bool armed = world.timer(world.size()).serial != 0;
  switch (world.core().stage()) {
    case Stage::created:
    case Stage::supervising:
    case Stage::finished:
      if (!armed) return std::nullopt;
      return Violation{Invariant::always_moving, "the container's timer is armed for nothing"};
    case Stage::lingering:
      if (!armed && world.rest_awaited()) return std::nullopt;
      return Violation{Invariant::always_moving, "the end of what is left is not awaited"};
    case Stage::stopping:
    case Stage::sweeping:
      if (armed) return std::nullopt;
      return Violation{Invariant::always_moving, "the shutdown has no timer"};
  }
  return std::nullopt;
}

Found check_end(const Step& step) {
  const SimWorld& world = step.after;
  if (world.core().stage() != Stage::finished || world.abandoned()) {
    const bool untold = world.abandoned() && has_grace(step) && world.rest_signal() != kSigKill;
    if (!untold) return std::nullopt;
    return Violation{Invariant::all_reaped, "what is left was abandoned without SIGKILL"};
  }
  if (main_left(world) || (has_grace(step) && world.anything_left())) {
    return Violation{Invariant::all_reaped, "processes are left at the end"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Violation> find_rest_violation(const Step& step) {
  if (auto found = check_treatment(step)) return found;
  if (auto found = check_grace(step)) return found;
  if (auto found = check_end(step)) return found;
  return check_timer(step.after);
}

}  // namespace pid1::model
