#include "supervisor/command_line/control_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "config/scalars.h"
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

constexpr std::string_view kWhen = "NAME@TIME";

// Adds an option that may be given again and again, each a thing that happens to a service.
void add_happening(CLI::App& app, const char* flag, Incident::Kind kind, const char* help,
                   SimulationOptions& simulation) {
  const auto take = [kind, &simulation](const std::string& text) {
    const auto happening = parse_happening(kind, text);
    if (!happening) {
      throw CLI::ValidationError(text, "expected a service and a time, such as web@30s");
    }
    simulation.happenings.push_back(*happening);
  };
  const bool ends = kind == Incident::Kind::ends;
  app.add_option_function<std::vector<std::string>>(
         flag,
         [take](const std::vector<std::string>& texts) { std::ranges::for_each(texts, take); },
         help)
      ->allow_extra_args(false)
      ->type_name(std::string(kWhen) + (ends ? "[:CODE]" : ""));
}

void add_time(CLI::App& app, const char* flag, const char* help, std::optional<Duration>& time) {
  app.add_option_function<std::string>(
         flag,
         [&time](const std::string& text) {
           const auto duration = config::parse_duration(text);
           if (const auto* error = std::get_if<config::ScalarError>(&duration)) {
             throw CLI::ValidationError(text, error->message);
           }
           time = std::get<Duration>(duration);
         },
         help)
      ->type_name("TIME");
}

CLI::App* add_simulate(CLI::App& app, Options& options) {
  CLI::App* simulate = app.add_subcommand(
      "simulate", "Show what pid1 would do with the services, without running anything");
  SimulationOptions& simulation = options.simulation;
  simulate->add_option("--config", options.config, "The services' file [PID1_CONFIG]")
      ->capture_default_str()
      ->type_name("FILE");
  add_happening(*simulate, "--fail", Incident::Kind::ends,
                "The service ends then, with code 1 or CODE", simulation);
  add_happening(*simulate, "--unhealthy", Incident::Kind::becomes_unhealthy,
                "Its health check fails from then on, until it is started again", simulation);
  add_happening(*simulate, "--ready", Incident::Kind::becomes_ready,
                "It says then that it is ready, not as soon as it runs", simulation);
  add_happening(*simulate, "--restart", Incident::Kind::is_restarted,
                "Somebody asks for its restart then", simulation);
  simulate->add_option("--deaf", simulation.deaf, "The service ends by SIGKILL alone")
      ->allow_extra_args(false)
      ->type_name("NAME");
  add_time(*simulate, "--stop-at", "When SIGTERM comes, if not once all is at rest",
           simulation.stop_at);
  add_time(*simulate, "--until", "Look no further than this", simulation.until);
  simulate
      ->add_option_function<std::string>(
          "--seed",
          [&simulation](const std::string& text) {
            const auto [end, error] =
                std::from_chars(text.data(), text.data() + text.size(), simulation.seed);
            if (error == std::errc() && end == text.data() + text.size()) return;
            throw CLI::ValidationError(text, "expected a number from 0 to 18446744073709551615");
          },
          "Of the chance in delays")
      ->type_name("N");
  simulate->add_flag("--json", options.json, "As JSON");
  return simulate;
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
  const CLI::App* simulate = add_simulate(app, options);
  if (auto answer = parse(app, argc, argv)) return *answer;
  options.mode = check->parsed() ? Mode::check : Mode::show_config;
  if (simulate->parsed()) options.mode = Mode::simulate;
  return options;
}

}  // namespace pid1::supervisor
