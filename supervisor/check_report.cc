#include "supervisor/check_report.h"

#include "config/scalars.h"
#include "services/shutdown.h"

namespace pid1::supervisor {

std::string check_report(const Plan& plan) {
  const std::vector<ServiceId> longest = plan.longest_stop();
  std::string report = "services: " + std::to_string(plan.size()) + "\n";
  if (longest.empty()) return report;
  report += "longest stop: " + config::format_duration(plan.stop_path(longest.front())) +
            ", to be done within " + config::format_duration(plan.stop_budget()) + " (";
  for (const ServiceId id : longest) {
    report += (id == longest.front() ? "" : ", then ") + plan[id].name + " " +
              config::format_duration(stop_time(plan[id]));
  }
  report += ")\n";
  const Duration wanted = budget_for(plan.stop_path(longest.front()));
  if (wanted <= plan.stop_budget()) return report;
  return report + "note: that does not fit, so each gets a share of its grace period; for all " +
         "of it, raise pid1.stop_grace_period to " + config::format_duration(wanted) +
         ", and what the container's engine waits (docker stop --time) above that\n";
}

}  // namespace pid1::supervisor
