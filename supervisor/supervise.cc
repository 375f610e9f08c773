#include "supervisor/supervise.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "supervisor/cgroups.h"
#include "supervisor/engine.h"
#include "supervisor/owned_terminal.h"
#include "supervisor/reaper_role.h"
#include "supervisor/resource_number.h"
#include "supervisor/rights_check.h"
#include "supervisor/system/limits.h"
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

// Two for each service that is read, and some of pid1's own, also where the log files are many.
std::vector<std::string> find_missing_descriptors(const Plan& plan,
                                                  const system::OwnLimits::Limit& limit) {
  constexpr std::uint64_t kReserve = 64;
  const auto read =
      static_cast<std::uint64_t>(std::ranges::count_if(plan.services(), ServiceOutput::reads));
  const std::uint64_t needed = 3 * read + kReserve;
  if (read == 0 || needed <= limit.hard) return {};
  return {"reading the output of " + std::to_string(read) + " services needs up to " +
          std::to_string(needed) + " descriptors, and pid1 may have " + std::to_string(limit.hard) +
          ": raise the container's limit (ulimits: {nofile: " + std::to_string(needed) +
          "}), or let services have pid1's own output (logging: {driver: inherit})"};
}

// All that can't be had is told at once, before anything starts.
bool can_give_all(const Plan& plan, Cgroups& cgroups, const system::OwnLimits::Limit& descriptors,
                  Log& log) {
  std::vector<std::string> missing = find_missing_rights(plan);
  const std::vector<std::string> too_few = find_missing_descriptors(plan, descriptors);
  missing.insert(missing.end(), too_few.begin(), too_few.end());
  const std::vector<std::string> limits = cgroups.prepare(plan, cgroup_facts());
  missing.insert(missing.end(), limits.begin(), limits.end());
  if (!missing.empty()) cgroups.remove();
  for (const std::string& line : missing) log.write(LogLevel::error, line);
  log.flush();
  return missing.empty();
}

LogLevel level_of(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::debug: return LogLevel::debug;
    case Verbosity::info: return LogLevel::info;
    case Verbosity::warning: return LogLevel::warning;
    case Verbosity::error: return LogLevel::error;
  }
  return LogLevel::warning;
}

}  // namespace

int supervise(const Options& options, const Plan& plan, system::SignalMask inherited) {
  system::release_free_memory();
  Log log{standard_error(), options.log_level.value_or(
                                level_of(plan.container().verbosity.value_or(Verbosity::warning)))};
  Cgroups cgroups;
  const system::OwnLimits::Limit descriptors = system::raise_descriptor_limit();
  if (!can_give_all(plan, cgroups, descriptors, log)) return kExitConfiguration;
  become_reaper(log);
  const system::Terminal terminal = find_terminal_for(plan);
  const auto system = system::linux_system(inherited);
  system::SignalFd signals;
  Engine engine{
      plan,
      *system,
      signals,
      log,
      {.environment = system::environment(),
       .termination_log = termination_log(options),
       .seed = system::random_seed(),
       .cgroups = &cgroups,
       .manner = {.owned_terminal = hand_over(terminal),
                  .descriptor_limit =
                      system::ResourceLimit{.resource = resource_number(LimitedResource::nofile),
                                            .soft = descriptors.soft,
                                            .hard = descriptors.hard}},
       .style = {.color = options.color,
                 .no_color = std::getenv("NO_COLOR"),
                 .term = std::getenv("TERM"),
                 .host = system::host_name()}}};
  const int code = engine.run();
  cgroups.remove();
  return code;
}

}  // namespace pid1::supervisor
