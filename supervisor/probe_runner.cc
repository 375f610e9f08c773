#include "supervisor/probe_runner.h"

#include <string>
#include <vector>

#include "supervisor/narrator.h"
#include "supervisor/service_variables.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

constexpr int kSigKill = 9;  // signal(7)

ProbeResult result_of(ProbeVerdict verdict) {
  switch (verdict) {
    case ProbeVerdict::success: return ProbeResult::healthy;
    case ProbeVerdict::failure: return ProbeResult::unhealthy;
    case ProbeVerdict::not_made: return ProbeResult::unknown;
  }
  return ProbeResult::unknown;
}

// For a line of the log; all of it is in ProbeOutputs.
std::string first_line(std::string_view text) {
  constexpr std::size_t kMost = 256;
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.size() <= kMost) return std::string(line);
  return std::string(system::cut_text(line, kMost)) + "...";
}

std::optional<int> code_of(const ExitStatus& status) {
  if (const auto* exited = std::get_if<Exited>(&status)) return exited->code;
  return std::nullopt;
}

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

ProbeRunner::ProbeRunner(boost::asio::io_context& loop, const Plan& plan, TaskRunner& tasks,
                         Log& log, Deliver deliver)
    : loop_(loop), plan_(plan), tasks_(tasks), log_(log), deliver_(std::move(deliver)) {}

void ProbeRunner::start(const Probe& command) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  slot.run = command.run;
  slot.began = std::chrono::system_clock::now();
  slot.began_steadily = std::chrono::steady_clock::now();
  const auto over_network = [&](const auto& spec) {
    if (!slot.network) slot.network = std::make_unique<NetworkProbe>(loop_, spec);
    slot.network->start([this, command](ProbeVerdict verdict, std::string_view output) {
      conclude(command, result_of(verdict), std::nullopt, output);
    });
  };
  std::visit(Overloaded{
                 [&](const ProcessSpec& spec) { start_command(command, spec, slot); },
                 [&](const HttpProbe& spec) { over_network(spec); },
                 [&](const TcpProbe& spec) { over_network(spec); },
             },
             plan_[command.service].health->probe);
}

void ProbeRunner::start_command(const Probe& command, const ProcessSpec& spec, Slot& slot) {
  std::vector<EnvironmentChange> variables;
  add_service_variables(plan_[command.service], variables);
  const auto started = tasks_.start(
      command.service, spec, {.environment = variables}, {},
      [this, command](const ExitStatus& status, std::string_view output) {
        const bool success = exit_code(status) == 0;
        const std::string end = output.empty() ? describe(status) : std::string(output);
        conclude(command, success ? ProbeResult::healthy : ProbeResult::unhealthy, code_of(status),
                 end);
      });
  if (const auto* pid = std::get_if<std::int32_t>(&started)) {
    slot.pid = *pid;
    return;
  }
  const auto& error = std::get<LaunchError>(started);
  switch (error.fault) {
    case SpawnFault::system:
      return conclude(command, ProbeResult::unknown, std::nullopt, error.message);
    case SpawnFault::service:
      return conclude(command, ProbeResult::unhealthy, error.code, error.message);
  }
}

void ProbeRunner::stop(const StopProbe& command) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  if (slot.run != command.run) return;
  if (slot.network) slot.network->cancel();
  if (slot.pid != 0) tasks_.signal(slot.pid, kSigKill);
  slot.run = pid1::ProbeRun{0};
  slot.pid = 0;
  // Of interest only where it was stopped for that.
  slot.failure = "no answer within " + brief(plan_[command.service].health->timeout);
}

void ProbeRunner::time_out(const StopProbe& command) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  if (slot.run != command.run) return;
  stop(command);
  remember(slot, ProbeRecord::Result::timeout, std::nullopt, slot.failure);
  tell_failure(command.service, std::string(slot.failure));
}

void ProbeRunner::tell_failure(ServiceId service, std::string_view why) {
  Slot& slot = slots_[static_cast<std::uint32_t>(service)];
  slot.failure = why;
  // One that goes on failing has been told.
  const LogLevel level = slot.told == slot.failure ? LogLevel::debug : LogLevel::info;
  slot.told = slot.failure;
  if (!log_.enabled(level)) return;
  log_.write(level, plan_[service].name + ": its health check fails: " + slot.failure);
}

void ProbeRunner::remember(Slot& slot, ProbeRecord::Result result, std::optional<int> code,
                           std::string_view output) {
  slot.outputs.add({.began = slot.began,
                    .duration = std::chrono::steady_clock::now() - slot.began_steadily,
                    .result = result,
                    .exit_code = code,
                    .output = {}},
                   output);
}

void ProbeRunner::conclude(const Probe& command, ProbeResult result, std::optional<int> code,
                           std::string_view output) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  if (slot.run != command.run) return;  // it was stopped
  // What a command left running must not pile up, probe by probe.
  if (slot.pid != 0) tasks_.signal(slot.pid, kSigKill);
  slot.run = pid1::ProbeRun{0};
  slot.pid = 0;
  const bool success = result == ProbeResult::healthy;
  remember(slot, success ? ProbeRecord::Result::success : ProbeRecord::Result::failure, code,
           output);
  switch (result) {
    case ProbeResult::healthy:
      slot.told.clear();
      if (log_.enabled(LogLevel::debug)) {
        log_.write(LogLevel::debug, plan_[command.service].name +
                                        ": its health check succeeds: " + first_line(output));
      }
      break;
    case ProbeResult::unhealthy:
    case ProbeResult::unknown: tell_failure(command.service, first_line(output)); break;
  }
  deliver_(Probed{command.service, command.run, result});
}

}  // namespace pid1::supervisor
