#include "supervisor/system/spawn_error.h"

#include <linux/capability.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "supervisor/system/candidates.h"
#include "supervisor/system/capabilities.h"
#include "supervisor/system/limits.h"
#include "supervisor/system/program_file.h"
#include "supervisor/system/resources.h"
#include "supervisor/system/text.h"

namespace pid1::system {
namespace {

// The first candidate that exists, for that is the one the kernel stumbled over.
const char* first_existing(const Candidates& candidates, const char* directory) {
  for (const char* const path : candidates.paths()) {
    if (examine_program(directory, path).exists) return path;
  }
  return nullptr;
}

std::string explain_not_found(const SpawnRequest& request) {
  const std::string_view program = request.argv.front();
  const std::string_view path = path_of(request.environment);
  Candidates candidates;
  candidates.assign(program, path);
  const char* const existing = first_existing(candidates, request.working_dir);
  if (existing != nullptr) {
    const ProgramFile file = examine_program(request.working_dir, existing);
    if (file.interpreter.empty()) return "it exists, but its interpreter is missing";
    return "its interpreter " + printable(file.interpreter) + " is missing";
  }
  if (program.find('/') != std::string_view::npos) return "program not found";
  return "program not found in PATH (" + printable(path) + ")";
}

std::string explain_not_permitted(const SpawnRequest& request) {
  Candidates candidates;
  candidates.assign(request.argv.front(), path_of(request.environment));
  const char* const existing = first_existing(candidates, request.working_dir);
  if (existing == nullptr) return "permission denied";
  const ProgramFile file = examine_program(request.working_dir, existing);
  const std::string name = printable(existing);
  if (file.is_directory) return name + " is a directory";
  if (!file.is_regular) return name + " is not a regular file";
  if (!file.has_execute_bit) return name + " is not executable (chmod +x)";
  if (file.is_on_noexec_mount) return name + " is on a filesystem mounted noexec";
  if (!file.interpreter.empty()) {
    return "permission denied for " + name + " or its interpreter " + printable(file.interpreter);
  }
  return "permission denied for " + name;
}

std::string quoted_if_empty(std::string_view name) {
  return name.empty() ? "\"\"" : printable(name);
}

std::string explain_exec(int error, const SpawnRequest& request) {
  switch (error) {
    case ENOENT: return explain_not_found(request);
    case EACCES: return explain_not_permitted(request);
    case ENOEXEC:
      return "not a program that the kernel can run (no #! line? built for another machine?)";
    case E2BIG: return "its arguments and environment are too long";
    case ETXTBSY: return "its file is open for writing";
    default: return error_text(error);
  }
}

// Docker gives no user but root the capabilities of the container.
std::string what_lacks(const SpawnError& error, int capability) {
  if (error.error != EPERM && error.error != EACCES) return {};
  if (has_capability(capability)) return {};
  const std::string name = capability_name(capability);
  if (::geteuid() != 0) return "; pid1 lacks CAP_" + name + ", for it doesn't run as root";
  return "; pid1 lacks CAP_" + name + ": add it to the container (cap_add: [" + name + "])";
}

std::string describe_oom_score_adj(const SpawnError& error, const SpawnRequest& request) {
  const std::string what =
      "cannot set oom_score_adj to " + std::to_string(request.oom_score_adj.value_or(0)) + ": ";
  if (error.error == ENOENT) return what + "there is no /proc of this PID namespace";
  return what + error_text(error.error) + what_lacks(error, CAP_SYS_RESOURCE);
}

std::string describe_limit(const SpawnError& error, const SpawnRequest& request) {
  const std::string why = ": " + error_text(error.error);
  const std::string name = limit_name(error.which);
  const auto limit = std::ranges::find(request.limits, error.which, &ResourceLimit::resource);
  if (limit == request.limits.end()) return "cannot set the limit " + name + why;
  const std::string what = "cannot raise the limit " + name + " to " + limit_text(limit->hard);
  if (error.which == RLIMIT_NOFILE && limit->hard > most_descriptors()) {
    return what + ": the kernel allows " + std::to_string(most_descriptors()) +
           " at most (fs.nr_open)";
  }
  return what + why + what_lacks(error, CAP_SYS_RESOURCE);
}

std::string describe_kept(const SpawnError& error, const SpawnRequest& request) {
  if (error.which >= 0) return "the capability " + capability_name(error.which);
  const CapabilitySet missing = lacking(own_capabilities(), request.privileges.add);
  if (missing == 0) return "its capabilities";
  return "the capabilities " + capability_names(missing) + ", which pid1 itself doesn't have";
}

}  // namespace

bool is_resource_failure(const SpawnError& error) { return lacks_resources(error.error); }

int exit_code_for(const SpawnError& error) {
  return error.step == SpawnStep::exec && error.error == ENOENT ? 127 : 126;
}

std::string describe(const SpawnError& error, const SpawnRequest& request) {
  const std::string why = ": " + error_text(error.error);
  switch (error.step) {
    case SpawnStep::process: return "cannot create a process" + why;
    case SpawnStep::session: return "cannot begin a session" + why;
    case SpawnStep::cgroup: return "cannot enter its cgroup" + why;
    case SpawnStep::descriptors: return "cannot set up its descriptors" + why;
    case SpawnStep::oom_score_adj: return describe_oom_score_adj(error, request);
    case SpawnStep::limit: return describe_limit(error, request);
    case SpawnStep::nice:
      return "cannot set nice to " + std::to_string(request.nice.value_or(0)) + why +
             what_lacks(error, CAP_SYS_NICE);
    case SpawnStep::cpus:
      return "cannot run on the processors " + number_ranges(request.cpus) +
             ": the container has " + number_ranges(available_cpus());
    case SpawnStep::groups:
      return "cannot set its supplementary groups" + why + what_lacks(error, CAP_SETGID);
    case SpawnStep::gid:
      return "cannot become group " + std::to_string(request.credentials->gid) + why +
             what_lacks(error, CAP_SETGID);
    case SpawnStep::uid:
      return "cannot become user " + std::to_string(request.credentials->uid) + why +
             what_lacks(error, CAP_SETUID);
    case SpawnStep::bounding_set:
      return "cannot drop the capability " + capability_name(error.which) + why +
             what_lacks(error, CAP_SETPCAP);
    case SpawnStep::capabilities: return "cannot keep " + describe_kept(error, request) + why;
    case SpawnStep::no_new_privileges: return "cannot give up new privileges" + why;
    case SpawnStep::working_dir: return "cannot change to " + printable(request.working_dir) + why;
    case SpawnStep::exec:
      return "cannot run " + quoted_if_empty(request.argv.front()) + ": " +
             explain_exec(error.error, request);
  }
  return "cannot start" + why;
}

}  // namespace pid1::system
