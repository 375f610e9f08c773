#include "supervisor/supervise.h"

#include "supervisor/engine.h"
#include "supervisor/reaper_role.h"
#include "supervisor/system/linux_system.h"
#include "supervisor/system/process.h"
#include "supervisor/system/signal_fd.h"
#include "supervisor/system/small_file.h"

namespace pid1::supervisor {

namespace {

// Kubernetes makes the default one. Where it isn't there, nobody will read it.
std::string termination_log(const Options& options) {
  constexpr const char* kDefault = "/dev/termination-log";
  if (options.termination_log == "/dev/null") return "";
  if (options.termination_log) return *options.termination_log;
  return system::exists(kDefault) ? kDefault : "";
}

}  // namespace

int supervise(const Options& options, const Plan& plan, system::SignalMask inherited) {
  system::release_free_memory();
  Log log{standard_error(), options.log_level};
  become_reaper(log);
  const auto system = system::linux_system(inherited);
  system::SignalFd signals;
  Engine engine{plan,
                *system,
                signals,
                log,
                {.environment = system::environment(),
                 .termination_log = termination_log(options),
                 .seed = system::random_seed()}};
  return engine.run();
}

}  // namespace pid1::supervisor
