#include "config/process_reader.h"

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "config/account_reader.h"
#include "config/command.h"
#include "config/limits_reader.h"
#include "config/privileges_reader.h"

namespace pid1::config {

namespace {

std::vector<std::string> read_argv(const Fields& service, const Mark& service_mark, Needs needs,
                                   Diagnostics& diagnostics) {
  const Node* entrypoint = service.find("entrypoint");
  const Node* command = service.find("command");
  const std::size_t errors = diagnostics.error_count();
  std::vector<std::string> argv = read_words(entrypoint, diagnostics);
  const Node* first = argv.empty() && command != nullptr ? command : entrypoint;
  std::vector<std::string> arguments = read_words(command, diagnostics);
  argv.insert(argv.end(), std::make_move_iterator(arguments.begin()),
              std::make_move_iterator(arguments.end()));
  const bool known = diagnostics.error_count() == errors && !service.is_faulty("command") &&
                     !service.is_faulty("entrypoint");
  if (!known) return argv;
  if (argv.empty() && needs == Needs::checked) {
    diagnostics.error(first == nullptr ? service_mark : first->mark, "the service has no `command`",
                      "write which program it runs");
  } else if (!argv.empty() && argv.front().empty()) {
    diagnostics.error(first->mark, "the name of the program is empty");
  } else if (!argv.empty()) {
    check_program(*first, argv.front(), diagnostics);
  }
  return argv;
}

std::optional<std::uint32_t> read_umask(const Fields& service, Diagnostics& diagnostics) {
  const std::optional<std::uint32_t> umask = service.octal("umask");
  if (umask && *umask > 0777) {
    diagnostics.error(service.find("umask")->mark, "expected an octal number of at most 0777");
  }
  return umask;
}

// The table bounds them.
std::optional<int> as_int(std::optional<std::int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

ProcessSpec read_process(const Fields& service, const Mark& service_mark, Needs needs,
                         Diagnostics& diagnostics) {
  ProcessSpec process;
  process.argv = read_argv(service, service_mark, needs, diagnostics);
  process.working_dir = read_working_dir(service.find("working_dir"), diagnostics);
  process.user = read_user(service.find("user"), diagnostics);
  process.group_add = read_groups(service.find("group_add"), diagnostics);
  process.umask = read_umask(service, diagnostics);
  process.limits = read_limits(service.find("ulimits"), diagnostics);
  process.oom_score_adj = as_int(service.integer("oom_score_adj"));
  process.nice = as_int(service.integer("nice"));
  process.cpus = read_cpus(service.find("cpuset"), diagnostics);
  process.privileges = read_privileges(service, diagnostics);
  return process;
}

}  // namespace pid1::config
