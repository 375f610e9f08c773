#include "supervisor/command_line/options.h"

#include <string_view>

#include "supervisor/command_line/control_command.h"
#include "supervisor/command_line/drop_in.h"
#include "supervisor/command_line/init_flags.h"

namespace pid1::supervisor {

Request parse_command_line(int argc, const char* const* argv) {
  const std::string_view path = argc > 0 ? argv[0] : "pid1";
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  if (name == "pid1ctl") return parse_control_command(argc, argv);
  if (name == "tini" || name == "docker-init" || name == "tini-static") {
    return parse_tini_flags(argc, argv);
  }
  if (name == "dumb-init") return parse_dumb_init_flags(argc, argv);
  if (name == "catatonit") return parse_catatonit_flags(argc, argv);
  return parse_init_flags(argc, argv);
}

}  // namespace pid1::supervisor
