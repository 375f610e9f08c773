#include "config/diagnostic.h"
#include "supervisor/command_line/drop_in.h"
#include "supervisor/command_line/scanner.h"
#include "supervisor/command_line/words.h"
#include "supervisor/version.h"

namespace pid1::supervisor {

namespace {

constexpr const char* kUsage = "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n";

constexpr const char* kHelp = R"(
  -g             forward signals to the program's process group
  -h             show this
  -L             show the license
  -P             no program: reap for ever, end on SIGTERM or SIGINT
  -V, --version
With CATATONIT_DEBUG set it says more.
)";

constexpr option kLongFlags[] = {{"version", no_argument, nullptr, 'V'}, {}};

Answer misused(const std::string& message) {
  return {1, "catatonit: " + config::printable(message) + "\n" + kUsage};
}

}  // namespace

Request parse_catatonit_flags(int argc, const char* const* argv) {
  ProgramOptions program{.manner = Manner::catatonit};
  if (variable("CATATONIT_DEBUG")) program.log_level = LogLevel::debug;
  bool pauses = false;

  Scanner scanner(argc, argv, "ghLPV", kLongFlags);
  for (int key = scanner.next(); key != Scanner::end; key = scanner.next()) {
    switch (key) {
      case 'g': program.forward_to = SignalScope::group; break;
      case 'h': return Answer{0, std::string(kUsage) + kHelp};
      case 'L': return Answer{0, "pid1, Apache License 2.0, (c) the pid1 authors\n"};
      case 'P': pauses = true; break;
      case 'V':
        return Answer{0, std::string("tini version 0.1.7_catatonit (pid1 ") + kVersion + ")\n"};
      default: return misused("invalid option: " + scanner.flag());
    }
  }
  program.argv = scanner.rest();
  if (pauses) {
    program.argv.clear();
  } else if (program.argv.empty()) {
    return misused("missing program name");
  }
  return program;
}

}  // namespace pid1::supervisor
