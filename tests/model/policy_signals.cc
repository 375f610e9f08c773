#include "tests/model/policy_signals.h"

#include <algorithm>

namespace pid1::model {

namespace {

const SignalRule* rule_received(const Step& step) {
  const auto* signal = std::get_if<SignalReceived>(&step.event);
  if (signal == nullptr) return nullptr;
  return &step.after.plan().container().signals[static_cast<std::size_t>(signal->signo)];
}

// The signal that a service has to get of one that is forwarded, or 0.
int signal_due(const Step& step, const SignalRule& rule, ServiceId id) {
  const Phase phase = step.before.phase(id);
  const bool alive = step.before.reality(id).main == Presence::Main::alive;
  const bool can_hear =
      phase == Phase::running || phase == Phase::stopping || (phase == Phase::quiescing && alive);
  if (rule.kind != SignalRule::Kind::forward || !can_hear) return 0;
  if (rule.only.empty()) {
    return rule.as == 0 ? std::get<SignalReceived>(step.event).signo : rule.as;
  }
  const auto target =
      std::ranges::find(rule.only, step.after.plan()[id].name, &std::pair<std::string, int>::first);
  return target == rule.only.end() ? 0 : target->second;
}

bool reaches_nobody(const Step& step, const SignalRule& rule) {
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    if (signal_due(step, rule, ServiceId{static_cast<std::uint32_t>(i)}) != 0) return false;
  }
  return true;
}

bool is_reloaded(const Step& step, ServiceId id) {
  return std::ranges::any_of(step.commands, [id](const Command& command) {
    const auto* reload = std::get_if<ReloadService>(&command);
    return reload != nullptr && reload->service == id;
  });
}

bool reload_due(const Step& step, ServiceId id) {
  const Reload& reload = step.after.plan()[id].reload;
  const bool can = reload.signal != 0 || reload.command;
  const SignalRule* rule = rule_received(step);
  const auto* asked = std::get_if<ReloadRequested>(&step.event);
  const bool meant = (asked != nullptr && asked->service == id) ||
                     (rule != nullptr && rule->kind == SignalRule::Kind::reload);
  return can && meant && step.before.phase(id) == Phase::running;
}

}  // namespace

bool is_asked(const Step& step) {
  const SignalRule* rule = rule_received(step);
  if (rule == nullptr) return false;
  switch (rule->kind) {
    case SignalRule::Kind::shutdown: return true;
    case SignalRule::Kind::forward:
      return asks_for_end(std::get<SignalReceived>(step.event).signo) &&
             reaches_nobody(step, *rule);
    case SignalRule::Kind::reload: {
      for (std::size_t i = 0; i < step.after.size(); ++i) {
        if (reload_due(step, ServiceId{static_cast<std::uint32_t>(i)})) return false;
      }
      return asks_for_end(std::get<SignalReceived>(step.event).signo);
    }
    case SignalRule::Kind::ignore:
    case SignalRule::Kind::reopen: return false;
  }
  return false;
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

std::optional<std::string> wrong_reload(const Step& step) {
  for (std::size_t i = 0; i < step.after.size(); ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    if (is_reloaded(step, id) == reload_due(step, id)) continue;
    return step.after.plan()[id].name + " was reloaded, or not, against the rules";
  }
  return std::nullopt;
}

}  // namespace pid1::model
