#include "services/fact_names.h"

namespace pid1 {

std::string_view name_of(Fact fact) {
  switch (fact) {
    case Fact::started: return "started";
    case Fact::ready: return "ready";
    case Fact::spawn_deferred: return "spawn_deferred";
    case Fact::spawn_failed: return "spawn_failed";
    case Fact::ended: return "ended";
    case Fact::completed: return "completed";
    case Fact::restarting: return "restarting";
    case Fact::gave_up: return "gave_up";
    case Fact::failed: return "failed";
    case Fact::dependency_failed: return "dependency_failed";
    case Fact::healthy: return "healthy";
    case Fact::unhealthy: return "unhealthy";
    case Fact::condemned: return "condemned";
    case Fact::hook_failed: return "hook_failed";
    case Fact::hook_killed: return "hook_killed";
    case Fact::stopping: return "stopping";
    case Fact::killing: return "killing";
    case Fact::killing_group: return "killing_group";
    case Fact::group_left: return "group_left";
    case Fact::stopped: return "stopped";
    case Fact::shutdown_begun: return "shutdown_begun";
    case Fact::still_waiting: return "still_waiting";
    case Fact::hurried: return "hurried";
    case Fact::deadline_passed: return "deadline_passed";
    case Fact::lingering: return "lingering";
    case Fact::sweeping: return "sweeping";
    case Fact::sweep_killing: return "sweep_killing";
    case Fact::sweep_abandoned: return "sweep_abandoned";
  }
  return "";
}

}  // namespace pid1
