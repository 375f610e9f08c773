#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "supervisor/command_line/program_options.h"
#include "supervisor/command_line/simulation_options.h"
#include "supervisor/log.h"
#include "supervisor/output/format.h"

namespace pid1::supervisor {

// pid1's own exit codes (sysexits.h; README.md has them for people).
inline constexpr int kExitUsage = 64;          // EX_USAGE
inline constexpr int kExitSystem = 71;         // EX_OSERR: no resources to begin with
inline constexpr int kExitOutput = 74;         // EX_IOERR: what was asked for can't be printed
inline constexpr int kExitConfiguration = 78;  // EX_CONFIG

enum class Mode { supervise, check, show_config, simulate };

// What is done with a file of services.
struct Options {
  Mode mode = Mode::supervise;
  std::string config = "/etc/pid1.yaml";
  bool json = false;                  // show_config, simulate
  std::vector<std::string> program;   // runs beside the services, as `main`; empty: none
  std::optional<LogLevel> log_level;  // none: the file's, or warning
  output::ColorChoice color = output::ColorChoice::automatic;
  std::vector<std::string> profiles;
  SimulationOptions simulation;                // simulate
  std::optional<std::string> termination_log;  // none: the default, where the engine has made it
};

// What to print, and the code to end with: --help, --version, bad usage.
struct Answer {
  enum class Stream { output, error };
  int code = 0;
  std::string text;
  Stream stream = code == 0 ? Stream::output : Stream::error;
};

using Request = std::variant<Options, ProgramOptions, Answer>;

// By the name it was called: pid1ctl; tini, docker-init, dumb-init or catatonit, each with its own
// flags and variables; else pid1. pid1's variables: PID1_CONFIG, PID1_PROFILES (comma-separated),
// PID1_LOG_LEVEL, PID1_TERMINATION_LOG; a flag wins over its variable.
Request parse_command_line(int argc, const char* const* argv);

}  // namespace pid1::supervisor
