#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "services/command.h"
#include "supervisor/log.h"
#include "supervisor/network_probe.h"
#include "supervisor/probe_outputs.h"
#include "supervisor/probe_run.h"
#include "supervisor/task_runner.h"

namespace pid1::supervisor {

// Carries out Probe and StopProbe: a command, an HTTP request or a TCP connection. What a probe
// says is told at debug level, and at info level where it fails otherwise than the one before.
class ProbeRunner {
 public:
  using Deliver = std::function<void(const Event&)>;

  // All outlive this object. `deliver` may be called from within start().
  ProbeRunner(boost::asio::io_context& loop, const Plan& plan, TaskRunner& tasks, Log& log,
              Deliver deliver);

  void start(const Probe& command);
  // Kills what the probe started; nothing is delivered of it any more.
  void stop(const StopProbe& command);
  // The same because it took too long, which is a failure.
  void time_out(const StopProbe& command);

  // The last ones of this service, whichever its process was.
  const ProbeOutputs& outputs(ServiceId service) {
    return slots_[static_cast<std::uint32_t>(service)].outputs;
  }

  // Why the last probe of this service that failed did so, in a line.
  const std::string& last_failure(ServiceId service) {
    return slots_[static_cast<std::uint32_t>(service)].failure;
  }

 private:
  // What a service's probe needs from one to the next.
  struct Slot {
    pid1::ProbeRun run{0};  // that is under way; 0: none
    std::int32_t pid = 0;   // of its command
    std::chrono::system_clock::time_point began;
    std::chrono::steady_clock::time_point began_steadily;
    std::unique_ptr<NetworkProbe> network;
    std::string failure;  // of the last one that failed
    std::string told;     // of those since the last that succeeded
    ProbeOutputs outputs;
  };

  void start_command(const Probe& command, const ProcessSpec& spec, Slot& slot);
  void tell_failure(ServiceId service, std::string_view why);
  void conclude(const Probe& command, ProbeResult result, std::optional<int> code,
                std::string_view output);
  static void remember(Slot& slot, ProbeRecord::Result result, std::optional<int> code,
                       std::string_view output);

  boost::asio::io_context& loop_;
  const Plan& plan_;
  TaskRunner& tasks_;
  Log& log_;
  Deliver deliver_;
  std::unordered_map<std::uint32_t, Slot> slots_;  // by service
};

}  // namespace pid1::supervisor
