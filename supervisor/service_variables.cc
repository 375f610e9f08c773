#include "supervisor/service_variables.h"

#include <string>

#include "services/signal_names.h"

namespace pid1::supervisor {

void add_service_variables(const ServiceSpec& spec, std::vector<EnvironmentChange>& variables) {
  variables.push_back({"PID1_SERVICE", spec.name});
}

bool notifies(const ServiceSpec& spec) {
  return spec.readiness.kind == Readiness::Kind::notify || spec.watchdog;
}

void add_watchdog_variables(Duration limit, std::vector<EnvironmentChange>& variables) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(limit).count();
  variables.push_back({"WATCHDOG_USEC", std::to_string(micros)});
}

void add_end_variables(const std::optional<ExitStatus>& end,
                       std::vector<EnvironmentChange>& variables) {
  if (!end) return;
  if (const auto* exited = std::get_if<Exited>(&*end)) {
    variables.push_back({"EXIT_CODE", "exited"});
    variables.push_back({"EXIT_STATUS", std::to_string(exited->code)});
    return;
  }
  const auto& signaled = std::get<Signaled>(*end);
  variables.push_back({"EXIT_CODE", signaled.core_dumped ? "dumped" : "killed"});
  const std::string name = signal_name(signaled.signo);
  variables.push_back({"EXIT_STATUS", name.starts_with("SIG") ? name.substr(3) : name});
}

}  // namespace pid1::supervisor
