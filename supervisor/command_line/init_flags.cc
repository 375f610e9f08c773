#include "supervisor/command_line/init_flags.h"

#include "config/diagnostic.h"
#include "config/scalars.h"
#include "supervisor/command_line/help.h"
#include "supervisor/command_line/scanner.h"
#include "supervisor/command_line/words.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

// Of the flags that have no letter.
enum LongOnly { check_flag = 256, color_flag, log_level_flag, version_flag, wait_all_flag };

constexpr const char* kShortFlags = "f:gcsp:r:e:wt:vqPC:E:u:h";

constexpr option kLongFlags[] = {
    {"config", required_argument, nullptr, 'f'},
    {"check", no_argument, nullptr, check_flag},
    {"color", required_argument, nullptr, color_flag},
    {"log-level", required_argument, nullptr, log_level_flag},
    {"verbose", no_argument, nullptr, 'v'},
    {"quiet", no_argument, nullptr, 'q'},
    {"help", no_argument, nullptr, 'h'},
    {"version", no_argument, nullptr, version_flag},
    {"group", no_argument, nullptr, 'g'},
    {"single-child", no_argument, nullptr, 'c'},
    {"subreaper", no_argument, nullptr, 's'},
    {"parent-death-signal", required_argument, nullptr, 'p'},
    {"rewrite", required_argument, nullptr, 'r'},
    {"expect-exit", required_argument, nullptr, 'e'},
    {"warn-on-reap", no_argument, nullptr, 'w'},
    {"timeout", required_argument, nullptr, 't'},
    {"wait-all", no_argument, nullptr, wait_all_flag},
    {"pause", no_argument, nullptr, 'P'},
    {"workdir", required_argument, nullptr, 'C'},
    {"env", required_argument, nullptr, 'E'},
    {"user", required_argument, nullptr, 'u'},
    {},
};

LogLevel louder(LogLevel level) {
  return level <= LogLevel::info ? LogLevel::debug : LogLevel::info;
}

// Reads all flags, then says what they come to.
class InitFlags {
 public:
  InitFlags(int argc, const char* const* argv) : scanner_(argc, argv, kShortFlags, kLongFlags) {}

  Request parse() {
    if (auto wrong = read_variables()) return *wrong;
    for (int key = scanner_.next(); key != Scanner::end; key = scanner_.next()) {
      if (auto answer = take(key)) return *answer;
    }
    program_.argv = scanner_.rest();
    const bool pauses = !pause_.empty();
    if (pauses && !program_.argv.empty()) {
      return bad_usage("--pause runs no program; give the one or the other");
    }
    if (!for_services_.empty()) return as_services();
    if (!pauses && program_.argv.empty() && scanner_.ended_by_dashes()) {
      return bad_usage("there is no program behind --");
    }
    return pauses || !program_.argv.empty() ? as_program() : as_services();
  }

 private:
  std::optional<Answer> read_variables() {
    if (auto config = variable("PID1_CONFIG"); config && !config->empty()) {
      services_.config = *config;
    }
    if (auto file = variable("PID1_TERMINATION_LOG"); file && !file->empty()) {
      program_.termination_log = services_.termination_log = file;
    }
    if (auto profiles = variable("PID1_PROFILES")) services_.profiles = split_commas(*profiles);
    if (auto level = variable("PID1_LOG_LEVEL"); level && !level->empty()) {
      const auto parsed = parse_log_level(*level);
      if (!parsed) return bad_usage("PID1_LOG_LEVEL is debug, info, warning or error");
      level_ = parsed;
    }
    return std::nullopt;
  }

  std::optional<Answer> take(int key) {
    switch (key) {
      case 'h': return Answer{0, std::string(kInitHelp)};
      case version_flag: return Answer{0, std::string("pid1 ") + kVersion + "\n"};
      case 'v': level_ = louder(level_.value_or(LogLevel::warning)); return std::nullopt;
      case 'q': level_ = LogLevel::error; return std::nullopt;
      case log_level_flag: return take_log_level();
      case Scanner::unknown: return bad_usage("unknown flag " + scanner_.flag());
      case Scanner::no_argument_given: return bad_usage(scanner_.flag() + " needs a value");
      case 'f':
      case check_flag:
      case color_flag: return take_for_services(key);
      default: return take_for_program(key);
    }
  }

  std::optional<Answer> take_log_level() {
    const auto level = parse_log_level(scanner_.argument());
    if (!level) return bad_usage("--log-level is debug, info, warning or error");
    level_ = level;
    return std::nullopt;
  }

  std::optional<Answer> take_for_services(int key) {
    for_services_ = scanner_.flag();
    switch (key) {
      case 'f': services_.config = scanner_.argument(); break;
      case color_flag: return take_color();
      default: services_.mode = Mode::check; break;
    }
    return std::nullopt;
  }

  std::optional<Answer> take_color() {
    const std::string_view when = scanner_.argument();
    if (when == "auto") {
      services_.color = output::ColorChoice::automatic;
    } else if (when == "always") {
      services_.color = output::ColorChoice::always;
    } else if (when == "never") {
      services_.color = output::ColorChoice::never;
    } else {
      return bad_usage("--color is auto, always or never");
    }
    return std::nullopt;
  }

  std::optional<Answer> take_for_program(int key) {
    for_program_ = scanner_.flag();
    switch (key) {
      case 'g': program_.forward_to = SignalScope::group; break;
      case 'c': program_.forward_to = SignalScope::process; break;
      case 's': break;  // as it is anyway
      case 'w': program_.warns_on_reap = true; break;
      case wait_all_flag: program_.awaits_all = true; break;
      case 'P': pause_ = for_program_; break;
      case 'C': program_.working_dir = scanner_.argument(); break;
      default: return take_value(key);
    }
    return std::nullopt;
  }

  std::optional<Answer> take_value(int key) {
    switch (key) {
      case 'p': return take_parent_death_signal();
      case 'r': return take_rewrite();
      case 'e': return take_expected_codes();
      case 't': return take_timeout();
      case 'E': return take_environment();
      case 'u': return take_user();
      default: return bad_usage("unknown flag " + scanner_.flag());
    }
  }

  std::optional<Answer> take_parent_death_signal() {
    const auto signo = parse_signal(scanner_.argument());
    if (!signo) return wants("a signal's name or number, as in SIGTERM");
    program_.parent_death_signal = *signo;
    return std::nullopt;
  }

  std::optional<Answer> take_rewrite() {
    const auto rewrite = parse_rewrite(scanner_.argument());
    if (!rewrite) {
      return wants(
          "FROM:TO, signals' names or numbers, as in TERM:QUIT; TO may be 0, FROM not KILL, "
          "STOP or CHLD");
    }
    program_.rewrites[static_cast<std::size_t>(rewrite->from)] = rewrite->to;
    return std::nullopt;
  }

  std::optional<Answer> take_expected_codes() {
    const auto codes = parse_exit_codes(scanner_.argument());
    if (!codes) return wants("exit codes 0 to 255, as in 143 or 3,128+15");
    program_.expected_codes.insert(program_.expected_codes.end(), codes->begin(), codes->end());
    return std::nullopt;
  }

  std::optional<Answer> take_timeout() {
    const auto timeout = config::parse_duration(scanner_.argument());
    const auto* grace = std::get_if<std::chrono::nanoseconds>(&timeout);
    if (grace == nullptr) return wants("a duration, as in 5s, 500ms or 0");
    program_.grace = *grace;
    return std::nullopt;
  }

  std::optional<Answer> take_environment() {
    auto change = parse_variable(scanner_.argument());
    if (!change) return wants("NAME=VALUE");
    program_.environment.push_back(*std::move(change));
    return std::nullopt;
  }

  std::optional<Answer> take_user() {
    program_.user = parse_user(scanner_.argument());
    if (!program_.user) return wants("a user's name or number, or USER:GROUP");
    return std::nullopt;
  }

  Request as_program() {
    program_.log_level = level_.value_or(LogLevel::warning);
    return std::move(program_);
  }

  Request as_services() {
    if (!for_program_.empty() && !for_services_.empty()) {
      return bad_usage(for_program_ + " is for one program alone, without " + for_services_);
    }
    if (!for_program_.empty()) {
      return bad_usage(for_program_ + " is for one program: pid1 " + for_program_ +
                       " … -- PROGRAM [ARGUMENT…]");
    }
    services_.program = std::move(program_.argv);
    services_.log_level = level_;
    return std::move(services_);
  }

  Answer wants(std::string_view what) const {
    return bad_usage(scanner_.flag() + " needs " + std::string(what));
  }

  static Answer bad_usage(std::string_view message) { return misused("pid1", message); }

  Scanner scanner_;
  Options services_;
  ProgramOptions program_;
  std::optional<LogLevel> level_;  // none: as by default
  // The last flag of each mode, as it was written.
  std::string for_services_;
  std::string for_program_;
  std::string pause_;
};

}  // namespace

Request parse_init_flags(int argc, const char* const* argv) {
  return InitFlags(argc, argv).parse();
}

}  // namespace pid1::supervisor
