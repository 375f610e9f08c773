#include "supervisor/command_line/help.h"

#include "config/diagnostic.h"

namespace pid1::supervisor {

const std::string_view kInitHelp =
    R"(The init of a container: runs the services of a file, or one program, forwards signals, and reaps
every orphan.

usage: pid1 [--config FILE] [--check]
       pid1 --config FILE [--check] [--] PROGRAM [ARGUMENT…]
       pid1 [FLAG…] [--] PROGRAM [ARGUMENT…]
       pid1 [FLAG…] --pause

The services of a file
  -f, --config FILE         the file, - for standard input [PID1_CONFIG; /etc/pid1.yaml]
      --check               check it, print every error, and end
      --color WHEN          the services' names in colour: auto (on a terminal, unless NO_COLOR is set),
                            always, never [auto]
  With a PROGRAM behind it: when the services are ready it runs too, as the service `main`, with
  pid1's standard input and terminal. The container ends with it, and with its code.

One program
  -g, --group               forward signals to its process group, not to it alone
  -c, --single-child        to it alone, as by default
  -r, --rewrite FROM:TO     forward another signal instead; 0 drops it. Repeat for others
  -e, --expect-exit CODE    end with 0 where the program does with CODE: 143, 128+15 or a list, 3,4
  -t, --timeout DURATION    what the program leaves behind gets SIGTERM, this time, SIGKILL [5s]; with
                            0 neither signal nor time
      --wait-all            end only when everything that the program has started has ended
  -w, --warn-on-reap        say which orphans are reaped
  -C, --workdir FOLDER      the program's working directory
  -E, --env NAME=VALUE      set a variable for it. Repeat for others
  -u, --user USER[:GROUP]   run it as this user
  -p, --parent-death-signal SIGNAL  get this signal when the parent process dies
  -s, --subreaper           reap orphans though not PID 1, as by default
  -P, --pause               no program: reap for ever, end on SIGTERM or SIGINT

Both
  -v, --verbose             say more; twice: everything
  -q, --quiet               errors only
      --log-level LEVEL     debug, info, warning or error [PID1_LOG_LEVEL; warning]
      --version
  -h, --help

Variables: PID1_PROFILES=a,b turns on the services of these profiles; PID1_TERMINATION_LOG names the
file for the last words as JSON, instead of /dev/termination-log.
Exit codes: 64 bad usage, 78 bad configuration; else the code of the program, or of the service that
ended it (128+n for signal n; 126 and 127 for what can't be run or was not found), or 0 after a stop.
Called by the name tini, docker-init, dumb-init or catatonit, it takes their flags and variables.
)";

Answer misused(std::string_view program, std::string_view message) {
  const std::string name(program);
  return {kExitUsage,
          name + ": " + config::printable(message) + "\n" + name + ": see " + name + " --help\n"};
}

}  // namespace pid1::supervisor
