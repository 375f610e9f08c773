#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "services/exit_status.h"
#include "services/plan.h"
#include "supervisor/cgroups.h"
#include "supervisor/launcher.h"
#include "supervisor/output_capture.h"

namespace pid1::supervisor {

// What is done with a task's standard output and error.
struct TaskOutput {
  // Gets each line as it comes; none: the first bytes are kept for `ended`.
  std::function<void(std::string_view line)> line;
};

// Processes beside the services' main ones: hooks, probes, reloads. Each leads a session and a
// group of its own. Their deaths are found by the engine's one reaper, which hands them in.
class TaskRunner {
 public:
  // `output`: what was kept of it.
  using Ended = std::function<void(const ExitStatus& status, std::string_view output)>;

  // All outlive this object.
  TaskRunner(boost::asio::io_context& loop, Launcher& launcher, system::System& system,
             const Cgroups& cgroups);

  // The process's id, or what was wrong; `ended` is called in the first case only, from reaped().
  // Where there are no descriptors to read its output through, it has none.
  std::variant<std::int32_t, LaunchError> start(ServiceId service, const ProcessSpec& spec,
                                                LaunchExtras extras, TaskOutput output,
                                                Ended ended);

  // To the group of a task that was not reaped; errors are of no use to anybody.
  void signal(std::int32_t pid, int signo);

  // Whether the process that was just reaped was a task's.
  bool reaped(std::int32_t pid, const ExitStatus& status);

  // The service that a living task works for.
  std::optional<ServiceId> service_of(std::int32_t pid) const;

 private:
  struct Task {
    ServiceId service{};
    std::unique_ptr<OutputCapture> capture;
    Ended ended;
  };

  boost::asio::io_context& loop_;
  Launcher& launcher_;
  system::System& system_;
  const Cgroups& cgroups_;
  std::unordered_map<std::int32_t, Task> tasks_;
};

}  // namespace pid1::supervisor
