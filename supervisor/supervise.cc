#include "supervisor/supervise.h"

#include <string>
#include <vector>

#include "supervisor/cgroups.h"
#include "supervisor/engine.h"
#include "supervisor/owned_terminal.h"
#include "supervisor/reaper_role.h"
#include "supervisor/rights_check.h"
#include "supervisor/system/linux_system.h"
#include "supervisor/system/process.h"
#include "supervisor/system/signal_fd.h"
#include "supervisor/system/small_file.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

namespace {

// Kubernetes makes the default one. Where it isn't there, nobody will read it.
std::string termination_log(const Options& options) {
  constexpr const char* kDefault = "/dev/termination-log";
  if (options.termination_log == "/dev/null") return "";
  if (options.termination_log) return *options.termination_log;
  return system::exists(kDefault) ? kDefault : "";
}

// All that can't be had is told at once, before anything starts.
bool can_give_all(const Plan& plan, Cgroups& cgroups, Log& log) {
  std::vector<std::string> missing = find_missing_rights(plan);
  const std::vector<std::string> limits = cgroups.prepare(plan, cgroup_facts());
  missing.insert(missing.end(), limits.begin(), limits.end());
  if (!missing.empty()) cgroups.remove();
  for (const std::string& line : missing) log.write(LogLevel::error, line);
  log.flush();
  return missing.empty();
}

}  // namespace

int supervise(const Options& options, const Plan& plan, system::SignalMask inherited) {
  system::release_free_memory();
  Log log{standard_error(), options.log_level};
  Cgroups cgroups;
  if (!can_give_all(plan, cgroups, log)) return kExitConfiguration;
  become_reaper(log);
  const system::Terminal terminal = find_terminal_for(plan);
  const auto system = system::linux_system(inherited);
  system::SignalFd signals;
  Engine engine{plan,
                *system,
                signals,
                log,
                {.environment = system::environment(),
                 .termination_log = termination_log(options),
                 .seed = system::random_seed(),
                 .cgroups = &cgroups,
                 .manner = {.owned_terminal = hand_over(terminal)}}};
  const int code = engine.run();
  cgroups.remove();
  return code;
}

}  // namespace pid1::supervisor
