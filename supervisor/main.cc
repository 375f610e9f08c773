#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "config/diagnostic.h"
#include "config/load.h"
#include "config/render.h"
#include "supervisor/check_report.h"
#include "supervisor/command_line/options.h"
#include "supervisor/run_program.h"
#include "supervisor/simulate.h"
#include "supervisor/supervise.h"
#include "supervisor/system/descriptors.h"
#include "supervisor/system/signals.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

namespace {

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

// What only reads may be interrupted: standard input may never end. Writing to a closed pipe stays
// an error that is told.
void allow_interruption(system::SignalMask inherited) {
  constexpr int kSigPipe = 13;  // signal(7)
  system::set_blocked_signals(inherited.blocked | system::signal_bit(kSigPipe));
}

// Before the loop runs there is nothing to hold up: a person or a script waits for the text, and
// has to know when it isn't whole.
void print(std::FILE* file, std::string_view text, const system::StandardDescriptors& standard) {
  const bool is_open = file != stdout || !standard.were_closed[1];
  const bool whole = is_open && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if ((std::fflush(file) != 0 || !whole) && file == stdout) {
    std::fputs("pid1: cannot write to standard output\n", stderr);
    std::exit(kExitOutput);
  }
}

// It gets what a person may type to: the terminal, where there is one.
std::optional<config::MainProgram> main_program(const Options& options) {
  if (options.program.empty()) return std::nullopt;
  const bool has_terminal = system::Terminal::find().exists();
  return config::MainProgram{options.program, has_terminal ? Input::terminal : Input::own};
}

// What `load` makes of the configuration. Prints what is wrong with it; ends the program where it
// can't be used.
template <typename Load>
auto load_or_exit(Load load, const Options& options, const system::StandardDescriptors& standard) {
  config::Diagnostics diagnostics;
  auto loaded = load({.path = options.config,
                      .environment = environment_variable,
                      .profiles = options.profiles,
                      .program = main_program(options)},
                     diagnostics);
  print(stderr, config::render(diagnostics), standard);
  if (!loaded) std::exit(kExitConfiguration);
  return *std::move(loaded);
}

void show_config(const Options& options, const system::StandardDescriptors& standard) {
  const config::Resolved resolved = load_or_exit(config::load_resolved, options, standard);
  print(stdout, options.json ? config::render_json(resolved) : config::render_yaml(resolved),
        standard);
}

int show_simulation(const Options& options, const system::StandardDescriptors& standard) {
  const Plan plan = load_or_exit(config::load_plan, options, standard);
  const auto form = options.json ? TimelineForm::json : TimelineForm::text;
  const auto result = simulate(plan, options.simulation, form);
  if (const auto* error = std::get_if<SimulationError>(&result)) {
    print(stderr, "pid1ctl: " + config::printable(error->message) + "\n", standard);
    return kExitUsage;
  }
  print(stdout, std::get<Timeline>(result).text, standard);
  return 0;
}

int carry_out(const Answer& answer, const system::StandardDescriptors& standard) {
  switch (answer.stream) {
    case Answer::Stream::output: print(stdout, answer.text, standard); break;
    case Answer::Stream::error: print(stderr, answer.text, standard); break;
  }
  return answer.code;
}

int carry_out(const Options& options, const system::StandardDescriptors& standard) {
  const system::SignalMask inherited = system::block_async_signals();
  if (options.mode != Mode::supervise) allow_interruption(inherited);
  switch (options.mode) {
    case Mode::check:
      print(stdout, check_report(load_or_exit(config::load_plan, options, standard)), standard);
      return 0;
    case Mode::show_config: show_config(options, standard); return 0;
    case Mode::simulate: return show_simulation(options, standard);
    case Mode::supervise:
      return supervise(options, load_or_exit(config::load_plan, options, standard), inherited);
  }
  return 0;
}

int carry_out(const Request& request, const system::StandardDescriptors& standard) {
  if (const auto* program = std::get_if<ProgramOptions>(&request)) {
    return run_program(*program, standard);
  }
  if (const auto* options = std::get_if<Options>(&request)) return carry_out(*options, standard);
  return carry_out(std::get<Answer>(request), standard);
}

}  // namespace

}  // namespace pid1::supervisor

int main(int argc, char** argv) {
  using namespace pid1::supervisor;
  const auto standard = pid1::system::ensure_standard_descriptors();
  try {
    return carry_out(parse_command_line(argc, argv), standard);
  } catch (const std::exception& error) {
    // Out of the set-up only: the loop catches its own.
    print(stderr, "pid1: cannot begin: " + pid1::config::printable(error.what()) + "\n", standard);
    return kExitSystem;
  }
}
