#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "config/diagnostic.h"
#include "config/load.h"
#include "config/render.h"
#include "supervisor/engine.h"
#include "supervisor/options.h"
#include "supervisor/system/descriptors.h"
#include "supervisor/system/linux_system.h"
#include "supervisor/system/process.h"
#include "supervisor/system/small_file.h"

namespace pid1::supervisor {

namespace {

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

// Before the loop runs there is nothing to hold up: a person or a script waits for the text, and
// has to know when it isn't whole.
void print(std::FILE* file, std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if ((std::fflush(file) != 0 || !whole) && file == stdout) {
    std::fputs("pid1: cannot write to standard output\n", stderr);
    std::exit(kExitOutput);
  }
}

// Prints what is wrong with the configuration; ends the program where it can't be used.
Plan load_plan_or_exit(const Options& options) {
  config::Diagnostics diagnostics;
  auto plan = config::load_plan(
      {.path = options.config, .environment = environment_variable, .profiles = options.profiles},
      diagnostics);
  print(stderr, config::render(diagnostics));
  if (!plan) std::exit(kExitConfiguration);
  return *std::move(plan);
}

Options parse_options_or_exit(int argc, char** argv) {
  auto parsed = parse_options(argc, argv);
  if (const auto* answer = std::get_if<Answer>(&parsed)) {
    print(answer->code == 0 ? stdout : stderr, answer->text);
    std::exit(answer->code);
  }
  return std::get<Options>(std::move(parsed));
}

void become_reaper(Log& log) {
  switch (system::become_reaper()) {
    case system::ReaperRole::init: return;
    case system::ReaperRole::subreaper:
      log.write(LogLevel::info, "not PID 1: reaping as a subreaper");
      return;
    case system::ReaperRole::none:
      log.write(LogLevel::warning,
                "not PID 1, and the kernel has no subreaper: orphans go to init");
      return;
  }
}

// Kubernetes makes the default one. Where it isn't there, nobody will read it.
std::string termination_log(const Options& options) {
  constexpr const char* kDefault = "/dev/termination-log";
  if (options.termination_log) return *options.termination_log;
  return system::exists(kDefault) ? kDefault : "";
}

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

// Exceptions come out only of the set-up: the loop catches its own.
int supervise_or_exit(const Options& options, const Plan& plan, system::SignalMask inherited) {
  try {
    return supervise(options, plan, inherited);
  } catch (const std::exception& error) {
    print(stderr, "pid1: cannot begin: " + config::printable(error.what()) + "\n");
    return kExitSystem;
  }
}

}  // namespace

}  // namespace pid1::supervisor

int main(int argc, char** argv) {
  using namespace pid1::supervisor;
  pid1::system::ensure_standard_descriptors();
  const pid1::system::SignalMask inherited = pid1::system::block_async_signals();
  const Options options = parse_options_or_exit(argc, argv);
  const pid1::Plan plan = load_plan_or_exit(options);
  switch (options.mode) {
    case Mode::check: return 0;
    case Mode::show_config:
      print(stdout,
            options.json ? pid1::config::render_json(plan) : pid1::config::render_yaml(plan));
      return 0;
    case Mode::supervise: return supervise_or_exit(options, plan, inherited);
  }
}
