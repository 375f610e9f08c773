#include "supervisor/check_report.h"

#include "config/scalars.h"

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
  return report + ")\n";
}

}  // namespace pid1::supervisor
