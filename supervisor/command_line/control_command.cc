#include "supervisor/command_line/control_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

#include "supervisor/command_line/help.h"
#include "supervisor/command_line/words.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

constexpr const char* kName = "pid1ctl";

// A word that will mean something one day says so.
constexpr std::array<std::string_view, 10> kPlanned = {
    "status", "start", "stop", "restart", "reload", "signal", "logs", "why", "graph", "shutdown"};

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
    return misused(kName, error.what());
  }
  return std::nullopt;
}

}  // namespace

Request parse_control_command(int argc, const char* const* argv) {
  if (argc > 1 && std::ranges::find(kPlanned, std::string_view(argv[1])) != kPlanned.end()) {
    return misused(kName, std::string(argv[1]) + " is not supported yet");
  }
  Options options;
  if (auto config = variable("PID1_CONFIG"); config && !config->empty()) options.config = *config;
  if (auto profiles = variable("PID1_PROFILES")) options.profiles = split_commas(*profiles);

  CLI::App app{"Looks at a services' file as pid1 does.", kName};
  app.set_version_flag("--version", std::string("pid1 ") + kVersion);
  app.require_subcommand(1);
  CLI::App* check = app.add_subcommand("check", "Check a services' file, print every error");
  CLI::App* config = app.add_subcommand("config", "Print a services' file as pid1 understands it");
  for (CLI::App* command : {check, config}) {
    command
        ->add_option("file", options.config,
                     "The services' file, or - for standard input [PID1_CONFIG]")
        ->capture_default_str()
        ->type_name("FILE");
  }
  config->add_flag("--json", options.json, "As JSON, in the shape of docker compose config");
  if (auto answer = parse(app, argc, argv)) return *answer;
  options.mode = check->parsed() ? Mode::check : Mode::show_config;
  return options;
}

}  // namespace pid1::supervisor
