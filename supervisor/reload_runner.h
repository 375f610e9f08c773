#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "services/plan.h"
#include "supervisor/log.h"
#include "supervisor/task_runner.h"

namespace pid1::supervisor {

// Runs the reload commands of services, one at a time each: what is asked while one runs is done
// once it has ended, once, however often it was asked. There is no limit to its time but its
// service's own end.
class ReloadRunner {
 public:
  using Say = std::function<void(ServiceId, std::string_view line)>;

  // All outlive this object. `say` gets each line of a command's output.
  ReloadRunner(const Plan& plan, TaskRunner& tasks, Log& log, Say say);

  // Its reload has a command.
  void run(ServiceId service);
  // The service's process has ended, and there is nothing to reload: kills what runs.
  void end(ServiceId service);

 private:
  struct Running {
    std::int32_t pid = 0;
    bool again = false;
  };

  void ended(ServiceId service, std::int32_t pid, const ExitStatus& status);
  void tell(LogLevel level, ServiceId service, const std::string& what);

  const Plan& plan_;
  TaskRunner& tasks_;
  Log& log_;
  Say say_;
  std::unordered_map<std::uint32_t, Running> running_;  // by service; not those that were killed
};

}  // namespace pid1::supervisor
