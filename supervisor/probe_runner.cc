#include "supervisor/probe_runner.h"

#include <string>
#include <vector>

#include "supervisor/narrator.h"
#include "supervisor/service_variables.h"

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

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
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
  const auto over_network = [&](const auto& spec) {
    if (!slot.network) slot.network = std::make_unique<NetworkProbe>(loop_, spec);
    slot.network->start([this, command](ProbeVerdict verdict, std::string_view output) {
      conclude(command, result_of(verdict), output);
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
        conclude(command, success ? ProbeResult::healthy : ProbeResult::unhealthy, end);
      });
  if (const auto* pid = std::get_if<std::int32_t>(&started)) {
    slot.pid = *pid;
    return;
  }
  const auto& error = std::get<LaunchError>(started);
  switch (error.fault) {
    case SpawnFault::system: return conclude(command, ProbeResult::unknown, error.message);
    case SpawnFault::service: return conclude(command, ProbeResult::unhealthy, error.message);
  }
}

void ProbeRunner::stop(const StopProbe& command) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  if (slot.run != command.run) return;
  if (slot.network) slot.network->cancel();
  if (slot.pid != 0) tasks_.signal(slot.pid, kSigKill);
  slot.run = pid1::ProbeRun{0};
  slot.pid = 0;
}

void ProbeRunner::conclude(const Probe& command, ProbeResult result, std::string_view output) {
  Slot& slot = slots_[static_cast<std::uint32_t>(command.service)];
  if (slot.run != command.run) return;  // it was stopped
  // What a command left running must not pile up, probe by probe.
  if (slot.pid != 0) tasks_.signal(slot.pid, kSigKill);
  slot.run = pid1::ProbeRun{0};
  slot.pid = 0;
  const LogLevel level = result == ProbeResult::healthy ? LogLevel::debug : LogLevel::info;
  if (log_.enabled(level)) {
    const std::string_view verb = result == ProbeResult::healthy ? "succeeds: " : "fails: ";
    log_.write(level, plan_[command.service].name + ": its health check " + std::string(verb) +
                          first_line(output));
  }
  deliver_(Probed{command.service, command.run, result});
}

}  // namespace pid1::supervisor
