#include "supervisor/run_program.h"

#include <exception>
#include <string>

#include "services/signal_names.h"
#include "supervisor/engine.h"
#include "supervisor/job_control.h"
#include "supervisor/manners.h"
#include "supervisor/program_plan.h"
#include "supervisor/reaper_role.h"
#include "supervisor/system/linux_system.h"
#include "supervisor/system/process.h"
#include "supervisor/system/signal_fd.h"
#include "supervisor/system/terminal.h"
#include "supervisor/system/text.h"

namespace pid1::supervisor {

namespace {

// The program gets what pid1 was given, as it was.
LaunchManner manner_of(const ProgramOptions& options, const system::Terminal& terminal,
                       const system::StandardDescriptors& standard) {
  LaunchManner manner{
      .session = options.own_session ? system::Session::own : system::Session::own_group,
      .terminal = terminal.may_give() ? terminal.fd() : -1,
      .keeps_descriptors = true,
      .runs_scripts = true,
      .sockets_for = system::process_id(),
      .explain = explainer_of(options.manner)};
  for (std::size_t i = 0; i < manner.standard.size(); ++i) {
    manner.standard[i] = standard.were_closed[i] ? system::closed_descriptor : static_cast<int>(i);
  }
  return manner;
}

// What is to be done once the program runs, and has got the directory it was to have.
class ProgramListener final : public ProcessListener {
 public:
  ProgramListener(JobControl& jobs, const ProgramOptions& options)
      : jobs_(jobs), options_(options) {}
  void started(std::int32_t pid) override {
    jobs_.started(pid);
    if (options_.leaves_directory) system::leave_working_directory();
    system::release_text();
  }
  void child_changed(std::int32_t pid) override { jobs_.child_changed(pid); }
  void received(const system::ReceivedSignal& signal, std::int32_t pid) override {
    jobs_.received(signal, pid);
  }

 private:
  JobControl& jobs_;
  const ProgramOptions& options_;
};

void ask_for_parents_death(int signo, Log& log) {
  if (signo == 0) return;
  if (const int error = system::set_parent_death_signal(signo)) {
    log.write(LogLevel::warning, "cannot be told of the parent's death by " + signal_name(signo) +
                                     ": " + system::error_text(error));
  }
}

int run(const ProgramOptions& options, const system::StandardDescriptors& standard,
        system::SignalMask inherited, Log& log) {
  become_reaper(log);
  ask_for_parents_death(options.parent_death_signal, log);

  const system::Terminal terminal = system::Terminal::find();
  const LaunchManner manner = manner_of(options, terminal, standard);
  if (options.own_session) terminal.release_to_child();

  const Plan plan = program_plan(options);
  const auto system = system::linux_system(inherited);
  JobControl jobs{*system, terminal,
                  options.suspends_itself ? JobControl::Suspension::on_any_signal
                                          : JobControl::Suspension::with_program};
  ProgramListener listener{jobs, options};
  system::SignalFd signals;
  Engine engine{plan,
                *system,
                signals,
                log,
                {.environment = system::environment(),
                 .termination_log = options.termination_log.value_or(""),
                 .seed = system::random_seed(),
                 .manner = manner,
                 .voice = Voice::one_program,
                 .orphan_level = options.warns_on_reap ? LogLevel::warning : LogLevel::debug,
                 .listener = &listener}};
  const int code = engine.run();
  jobs.end();
  return code;
}

}  // namespace

int run_program(const ProgramOptions& options, const system::StandardDescriptors& standard) {
  const system::SignalMask inherited = system::block_all_signals();
  Log log{standard_error(), options.log_level, prefixes_of(options.manner)};
  try {
    return run(options, standard, inherited, log);
  } catch (const std::exception& error) {
    // Out of the set-up only: the loop catches its own.
    log.write(LogLevel::error, std::string("cannot begin: ") + error.what());
    return own_failure_code(options.manner);
  }
}

}  // namespace pid1::supervisor
