#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/command.h"
#include "supervisor/log.h"
#include "supervisor/task_runner.h"

namespace pid1::supervisor {

// Carries out RunHook and SignalHook. A hook for which there are no resources waits and is tried
// again, for ever: that is nobody's failure. Its output goes where the service's does, line by
// line, marked as its own.
class HookRunner {
 public:
  using Deliver = std::function<void(const Event&)>;
  using Say = std::function<void(ServiceId, HookPoint, std::string_view line)>;

  // All outlive this object. `deliver` may be called from within any call.
  HookRunner(boost::asio::io_context& loop, const Plan& plan, TaskRunner& tasks, Log& log,
             Deliver deliver, Say say);

  // `end`: the last end of the service's process, which post_stop hooks are told.
  void run(const RunHook& command, const std::optional<ExitStatus>& end);
  void signal(const SignalHook& command);

 private:
  struct Waiting {
    RunHook command;
    std::optional<ExitStatus> end;
  };

  bool try_to_start(const Waiting& hook);
  void retry_later();
  void retry();
  void end(ServiceId service, HookRun run, const ExitStatus& status);

  const Plan& plan_;
  TaskRunner& tasks_;
  Log& log_;
  Deliver deliver_;
  Say say_;
  boost::asio::steady_timer retry_timer_;
  bool retry_scheduled_ = false;
  std::uint32_t tries_ = 0;
  std::vector<Waiting> waiting_;
  struct Running {
    HookRun run;
    std::int32_t pid;
  };
  std::unordered_map<std::uint32_t, Running> running_;  // by service; not those that were abandoned
};

}  // namespace pid1::supervisor
