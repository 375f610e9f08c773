#include "supervisor/task_runner.h"

#include "supervisor/system/pipe.h"

namespace pid1::supervisor {

TaskRunner::TaskRunner(boost::asio::io_context& loop, Launcher& launcher, system::System& system)
    : loop_(loop), launcher_(launcher), system_(system) {}

std::variant<std::int32_t, LaunchError> TaskRunner::start(const ProcessSpec& spec,
                                                          LaunchExtras extras, TaskOutput output,
                                                          Ended ended) {
  system::Pipe pipe = system::make_pipe();
  if (pipe.write) {
    extras.stdout_fd = pipe.write.get();
    extras.stderr_fd = pipe.write.get();
  }
  const auto launched = launcher_.launch(spec, extras);
  if (const auto* pid = std::get_if<std::int32_t>(&launched)) {
    Task task{.capture = {}, .ended = std::move(ended)};
    if (pipe.read) {
      task.capture =
          std::make_unique<OutputCapture>(loop_, std::move(pipe.read), std::move(output.line));
    }
    tasks_.insert_or_assign(*pid, std::move(task));
  }
  return launched;
}

void TaskRunner::signal(std::int32_t pid, int signo) { system_.signal_group(pid, signo); }

bool TaskRunner::reaped(std::int32_t pid, const ExitStatus& status) {
  const auto node = tasks_.extract(pid);
  if (!node) return false;
  Task& task = node.mapped();
  // What it left behind may hold the pipe for ever: what is in it now is what counts.
  if (task.capture) task.capture->close();
  task.ended(status, task.capture ? task.capture->text() : std::string_view());
  return true;
}

}  // namespace pid1::supervisor
