#include "config/diagnostic.h"
#include "supervisor/command_line/drop_in.h"
#include "supervisor/command_line/scanner.h"
#include "supervisor/command_line/words.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

// signal(7); the same numbers on every architecture we run on.
constexpr int kSigStop = 19;
constexpr int kSigTstp = 20;
constexpr int kSigTtin = 21;
constexpr int kSigTtou = 22;

constexpr const char* kUsage =
    R"(usage: dumb-init [FLAG…] [--] PROGRAM [ARGUMENT…]

  -c, --single-child   forward signals to the program alone, not to its session's group
                       [DUMB_INIT_SETSID=0]
  -r, --rewrite S:R    forward signal R where S comes; 0 drops it. Repeat for others
  -v, --verbose        say more  [DUMB_INIT_DEBUG=1]
  -h, --help           show this
  -V, --version
)";

constexpr option kLongFlags[] = {
    {"single-child", no_argument, nullptr, 'c'}, {"rewrite", required_argument, nullptr, 'r'},
    {"verbose", no_argument, nullptr, 'v'},      {"help", no_argument, nullptr, 'h'},
    {"version", no_argument, nullptr, 'V'},      {},
};

std::string version() { return std::string("dumb-init v1.2.5 (pid1 ") + kVersion + ")\n"; }

Answer told(int code, const std::string& text) { return {code, text, Answer::Stream::error}; }

Answer misused(const std::string& message) {
  return told(1, "dumb-init: " + config::printable(message) +
                     "\nUsage: dumb-init [option] program [args]\n"
                     "Try dumb-init --help for full usage.\n");
}

// A session of its own has nobody above who would continue it after a TSTP: STOP works all the
// same.
void stop_for_good(Rewrites& rewrites) {
  for (const int signo : {kSigTstp, kSigTtin, kSigTtou}) {
    int& to = rewrites[static_cast<std::size_t>(signo)];
    if (to == signo) to = kSigStop;
  }
}

}  // namespace

Request parse_dumb_init_flags(int argc, const char* const* argv) {
  ProgramOptions program{.manner = Manner::dumb_init,
                         .forward_to = SignalScope::group,
                         .own_session = true,
                         .suspends_itself = true,
                         .leaves_directory = true};
  if (variable("DUMB_INIT_DEBUG") == "1") program.log_level = LogLevel::debug;
  if (variable("DUMB_INIT_SETSID") == "0") program.own_session = false;

  Scanner scanner(argc, argv, "hvVcr:", kLongFlags);
  for (int key = scanner.next(); key != Scanner::end; key = scanner.next()) {
    switch (key) {
      case 'c': program.own_session = false; break;
      case 'v': program.log_level = LogLevel::debug; break;
      case 'h': return told(0, version() + kUsage);
      case 'V': return told(0, version());
      case 'r': {
        const auto rewrite = parse_rewrite(scanner.argument());
        if (!rewrite) {
          return misused("-r option takes <signum>:<signum>, names or numbers, as in 15:3");
        }
        program.rewrites[static_cast<std::size_t>(rewrite->from)] = rewrite->to;
        break;
      }
      case Scanner::no_argument_given:
        return misused("option requires an argument: " + scanner.flag());
      default: return misused("invalid option: " + scanner.flag());
    }
  }
  program.argv = scanner.rest();
  if (program.argv.empty()) return misused("no program");
  if (program.own_session) {
    stop_for_good(program.rewrites);
  } else {
    program.forward_to = SignalScope::process;
    program.suspends_itself = false;
  }
  return program;
}

}  // namespace pid1::supervisor
