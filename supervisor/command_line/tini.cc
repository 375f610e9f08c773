#include <charconv>

#include "config/diagnostic.h"
#include "supervisor/command_line/drop_in.h"
#include "supervisor/command_line/scanner.h"
#include "supervisor/command_line/words.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

// dockerd parses "tini version X - git.Y" (moby, parseInitVersion); `docker info` shows only Y.
constexpr const char* kTiniVersion = "tini version 0.19.0 (pid1 ";

constexpr const char* kUsage =
    R"(usage: tini [FLAG…] [--] PROGRAM [ARGUMENT…]
       tini --version

  -s  reap orphans though not PID 1, as by default  [TINI_SUBREAPER]
  -p SIGNAL  get this signal when the parent process dies
  -v  say more; up to three times  [TINI_VERBOSITY=0…3, default 1]
  -w  say which orphans are reaped
  -g  forward signals to the program's process group  [TINI_KILL_PROCESS_GROUP]
  -e CODE  end with 0 where the program does with CODE; repeat for others
  -l  show the license
  -h  show this
)";

constexpr option kNoLongFlags[] = {{"version", no_argument, nullptr, 'V'}, {}};

std::string version() { return std::string(kTiniVersion) + kVersion + ") - git.pid1"; }

Answer misused(const std::string& message) {
  return {1, "tini: " + config::printable(message) + "\n" + version() + "\n" + kUsage};
}

Answer not_valid(const Scanner& scanner) {
  return misused("Not a valid option for " + scanner.flag() + ": " +
                 std::string(scanner.argument()));
}

// 0 errors, 1 warnings, 2 and 3 more.
LogLevel level_of(int verbosity) {
  if (verbosity <= 0) return LogLevel::error;
  if (verbosity == 1) return LogLevel::warning;
  return verbosity == 2 ? LogLevel::info : LogLevel::debug;
}

int default_verbosity() {
  int verbosity = 1;
  if (const auto text = variable("TINI_VERBOSITY")) {
    std::from_chars(text->data(), text->data() + text->size(), verbosity);
  }
  return verbosity;
}

}  // namespace

Request parse_tini_flags(int argc, const char* const* argv) {
  ProgramOptions program{.manner = Manner::tini};
  int verbosity = default_verbosity();
  if (variable("TINI_KILL_PROCESS_GROUP")) program.forward_to = SignalScope::group;

  Scanner scanner(argc, argv, "sp:vwge:lh", kNoLongFlags);
  for (int key = scanner.next(); key != Scanner::end; key = scanner.next()) {
    switch (key) {
      case 's': break;
      case 'v': ++verbosity; break;
      case 'w': program.warns_on_reap = true; break;
      case 'g': program.forward_to = SignalScope::group; break;
      case 'l': return Answer{0, "pid1, Apache License 2.0, (c) the pid1 authors\n"};
      case 'h': return Answer{0, version() + "\n" + kUsage};
      case 'V': return Answer{0, version() + "\n"};
      case 'p': {
        const auto signo = parse_signal(scanner.argument());
        if (!signo) return not_valid(scanner);
        program.parent_death_signal = *signo;
        break;
      }
      case 'e': {
        const auto codes = parse_exit_codes(scanner.argument());
        if (!codes) return not_valid(scanner);
        program.expected_codes.insert(program.expected_codes.end(), codes->begin(), codes->end());
        break;
      }
      case Scanner::no_argument_given:
        return misused("option requires an argument -- '" + scanner.flag().substr(1) + "'");
      default: return misused("invalid option -- '" + scanner.flag().substr(1) + "'");
    }
  }
  program.argv = scanner.rest();
  if (program.argv.empty()) return misused("no program");
  program.log_level = level_of(verbosity);
  return program;
}

}  // namespace pid1::supervisor
