#include "supervisor/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "config/diagnostic.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

constexpr std::string_view kPid1Help =
    "The init of a container: starts the services of a file in dependency order, restarts what\n"
    "fails, forwards signals, stops everything in order within a deadline, reaps every orphan.";

std::string_view program_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

Answer bad_usage(std::string_view message, std::string_view program) {
  const std::string name(program);
  return {kExitUsage,
          name + ": " + config::printable(message) + "\n" + name + ": see " + name + " --help\n"};
}

// CLI11 throws what it has to say; --help and --version come this way too.
std::optional<Answer> parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Answer{0, app.help()};
  } catch (const CLI::CallForAllHelp&) {
    return Answer{0, app.help()};
  } catch (const CLI::CallForVersion&) {
    return Answer{0, app.version() + "\n"};
  } catch (const CLI::ParseError& error) {
    return bad_usage(error.what(), app.get_name());
  }
  return std::nullopt;
}

std::variant<Options, Answer> parse_pid1(CLI::App& app, Options options, int argc,
                                         const char* const* argv) {
  bool check = false;
  std::string level;
  std::vector<std::string> program;
  app.add_option("-f,--config", options.config, "The services' file [PID1_CONFIG]")
      ->capture_default_str()
      ->type_name("FILE");
  app.add_flag("--check", check, "Check the file, print every error, and end");
  app.add_option("--log-level", level, "debug, info, warning or error [PID1_LOG_LEVEL]")
      ->type_name("LEVEL");
  app.add_option("program", program)->group("");
  app.footer(
      "Variables: PID1_PROFILES=a,b turns on the services of these profiles; PID1_TERMINATION_LOG "
      "names\n"
      "the file for the last words as JSON, instead of /dev/termination-log.\n"
      "Exit codes: 64 bad usage, 78 bad configuration; else the code of the service that ended it\n"
      "(128+n for signal n, 126 and 127 for a program that can't be run), or 0 after a stop.");
  if (auto answer = parse(app, argc, argv)) return *answer;

  if (!program.empty()) {
    return bad_usage("running one program is not supported yet; `check` and `config` are pid1ctl's",
                     "pid1");
  }
  if (!level.empty()) {
    const auto parsed = parse_log_level(level);
    if (!parsed) return bad_usage("--log-level is debug, info, warning or error", "pid1");
    options.log_level = *parsed;
  }
  if (check) options.mode = Mode::check;
  return options;
}

std::variant<Options, Answer> parse_pid1ctl(CLI::App& app, Options options, int argc,
                                            const char* const* argv) {
  // A word that will mean something one day says so.
  constexpr std::array<std::string_view, 10> kPlanned = {
      "status", "start", "stop", "restart", "reload", "signal", "logs", "why", "graph", "shutdown"};
  if (argc > 1 && std::ranges::find(kPlanned, std::string_view(argv[1])) != kPlanned.end()) {
    return bad_usage(std::string(argv[1]) + " is not supported yet", "pid1ctl");
  }
  app.require_subcommand(1);
  CLI::App* check = app.add_subcommand("check", "Check a services' file, print every error");
  CLI::App* config = app.add_subcommand("config", "Print a services' file as pid1 understands it");
  for (CLI::App* command : {check, config}) {
    command->add_option("file", options.config, "The services' file [PID1_CONFIG]")
        ->capture_default_str()
        ->type_name("FILE");
  }
  config->add_flag("--json", options.json, "As JSON, in the shape of docker compose config");
  if (auto answer = parse(app, argc, argv)) return *answer;
  options.mode = check->parsed() ? Mode::check : Mode::show_config;
  return options;
}

}  // namespace

std::variant<Options, Answer> parse_options(int argc, const char* const* argv) {
  Options options;
  if (auto config = variable("PID1_CONFIG")) options.config = *config;
  options.termination_log = variable("PID1_TERMINATION_LOG");
  if (auto profiles = variable("PID1_PROFILES")) options.profiles = split_commas(*profiles);
  if (auto level = variable("PID1_LOG_LEVEL")) {
    const auto parsed = parse_log_level(*level);
    if (!parsed) return bad_usage("PID1_LOG_LEVEL is debug, info, warning or error", "pid1");
    options.log_level = *parsed;
  }

  const std::string name{argc > 0 ? program_name(argv[0]) : "pid1"};
  const bool is_control = name == "pid1ctl";
  CLI::App app{std::string(kPid1Help), is_control ? "pid1ctl" : "pid1"};
  app.set_version_flag("--version", std::string("pid1 ") + kVersion);
  app.prefix_command(false);
  return is_control ? parse_pid1ctl(app, std::move(options), argc, argv)
                    : parse_pid1(app, std::move(options), argc, argv);
}

}  // namespace pid1::supervisor
