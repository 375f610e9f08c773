#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pid1::testing {

// What a container's engine may take from its init.
enum class Restriction {
  read_only_root,   // every mount, /run and /tmp too
  noexec_run,       // a tmpfs on /run that nothing can be executed from
  no_capabilities,  // the bounding set empty too
  no_new_privs,
  closed_stdin,
  closed_stdout,
  closed_stderr,
  ignored_sigchld,  // started by something that ignores it
  blocked_usr1,     // a signal mask to be handed on
};

struct Limit {
  int resource = 0;
  unsigned long soft = 0;  // the hard limit stays
};

// The first process of a new PID and mount namespace.
struct Launch {
  std::string program;
  std::vector<std::string> argv;
  std::string working_dir;
  std::map<std::string, std::string> environment;
  std::set<Restriction> restrictions;
  std::optional<uid_t> user;  // the group has the same number
  std::vector<Limit> limits;
  std::vector<int> blocked;      // signals; a mask to be handed on
  std::vector<int> ignored;      // likewise
  std::vector<int> descriptors;  // open besides the standard ones, on /dev/null
  std::optional<mode_t> umask;
  std::string cgroup_procs;                                      // empty: the test's own cgroup
  std::vector<std::pair<std::string, std::string>> bind_mounts;  // from, to
  int terminal_fd = -1;  // a terminal's slave: becomes descriptors 0 and 1, and the controlling one
  int stdout_fd = -1;
  int stderr_fd = -1;
};

struct Launched {
  pid_t pid = -1;  // outside its namespace
  int pidfd = -1;
};

// Returns as soon as the process exists. What goes wrong in it before its exec ends it with code
// 125 and a line on stderr_fd. It dies with the calling thread. Throws where there is no process to
// be had.
Launched launch(const Launch& what);

}  // namespace pid1::testing
