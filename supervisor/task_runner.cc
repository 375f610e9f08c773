#include "supervisor/task_runner.h"

#include "supervisor/system/pipe.h"

namespace pid1::supervisor {

TaskRunner::TaskRunner(boost::asio::io_context& loop, Launcher& launcher, system::System& system,
                       const Cgroups& cgroups)
    : loop_(loop), launcher_(launcher), system_(system), cgroups_(cgroups) {}

std::variant<std::int32_t, LaunchError> TaskRunner::start(ServiceId service,
                                                          const ProcessSpec& spec,
                                                          LaunchExtras extras, TaskOutput output,
                                                          Ended ended) {
  const system::UniqueFd cgroup = cgroups_.open(service);
  extras.cgroup = cgroup.get();
  system::Pipe pipe = system::open_pipe();
  if (pipe.writing) {
    extras.stdout_fd = pipe.writing.get();
    extras.stderr_fd = pipe.writing.get();
  }
  const auto launched = launcher_.launch(spec, extras);
  const auto* pid = std::get_if<std::int32_t>(&launched);
  if (pid == nullptr) return launched;
  Task& task = tasks_[*pid];
  task.service = service;
  task.ended = std::move(ended);
  if (!pipe.reading) return launched;
  task.capture = std::make_unique<OutputCapture>(loop_);
  if (output.line) {
    task.capture->hand_on_lines(std::move(pipe.reading), std::move(output.line));
  } else {
    task.capture->keep_beginning(std::move(pipe.reading));
  }
  return launched;
}

std::optional<ServiceId> TaskRunner::service_of(std::int32_t pid) const {
  const auto found = tasks_.find(pid);
  if (found == tasks_.end()) return std::nullopt;
  return found->second.service;
}

void TaskRunner::signal(std::int32_t pid, int signo) { system_.signal_group(pid, signo); }

bool TaskRunner::reaped(std::int32_t pid, const ExitStatus& status) {
  const auto node = tasks_.extract(pid);
  if (!node) return false;
  Task& task = node.mapped();
  // What it left behind may hold the pipe for ever: what is in it now is what counts.
  if (task.capture) task.capture->finish();
  task.ended(status, task.capture ? std::string_view(task.capture->text()) : std::string_view());
  return true;
}

}  // namespace pid1::supervisor
