#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace pid1::system {

// The kernel, as the supervisor needs it: an object seam, so that the engine can be tested with a
// kernel that refuses. Everything here is for one thread. Errors are errno values; nothing throws.

// Who a process runs as; resolved from /etc/passwd and /etc/group beforehand (accounts.h).
struct Credentials {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> groups = {};  // supplementary
};

enum class Session {
  own,        // leads a session and a group of its own: setsid(2)
  own_group,  // leads a group of its own in pid1's session: setpgid(2)
};

// What stands for a standard descriptor besides a number.
inline constexpr int default_descriptor = -1;  // 0: /dev/null; 1 and 2: pid1's own
inline constexpr int closed_descriptor = -2;

// What one process is to be. Pointers and spans are borrowed until spawn() returns.
struct SpawnRequest {
  std::span<const char* const> argv = {};         // ends with a null pointer
  std::span<const char* const> environment = {};  // ends with a null pointer
  const char* working_dir = nullptr;              // nullptr: pid1's own
  const Credentials* credentials = nullptr;       // nullptr: pid1's own
  std::optional<std::uint32_t> umask = {};
  int stdin_fd = default_descriptor;
  int stdout_fd = default_descriptor;
  int stderr_fd = default_descriptor;

  Session session = Session::own;
  // The terminal that the process is to have, or -1. With Session::own it becomes the controlling
  // one; with own_group, which needs it to be pid1's controlling one, the new group comes to its
  // foreground. Done before the exec; where the kernel refuses, the process runs without.
  int terminal = -1;
  // Whether descriptors above 2 without O_CLOEXEC reach the program: those that pid1 inherited.
  bool keeps_descriptors = false;
  // Whether /bin/sh runs a file that the kernel can't (ENOEXEC), as execvp(3) does; but for ELF
  // files, which are another machine's and no script.
  bool runs_scripts = false;
  // Where the child writes its own pid before its exec, in decimal with a null byte: part of
  // `environment`, like the value of LISTEN_PID (sd_listen_fds(3)). At least 11 bytes, or nullptr.
  char* pid_text = nullptr;
};

// Where a start went wrong, in the order of the child's steps.
enum class SpawnStep {
  process,  // clone(2) itself
  session,
  descriptors,
  groups,
  gid,
  uid,
  working_dir,
  exec,
};

struct SpawnError {
  SpawnStep step;
  int error;  // errno
  bool operator==(const SpawnError&) const = default;
};

// The child's pid once its exec has succeeded, or what failed; a child that failed is reaped
// already.
using SpawnResult = std::variant<std::int32_t, SpawnError>;

// One process that ended, from waitid(2)'s siginfo_t.
struct Reaped {
  std::int32_t pid = 0;
  bool signaled = false;  // CLD_KILLED or CLD_DUMPED
  bool core_dumped = false;
  int status = 0;  // exit code, or the signal's number
  bool operator==(const Reaped&) const = default;
};

enum class ReapEnd {
  none_ended,   // children are left, all alive
  no_children,  // ECHILD
};

// Whose stop a suspension is.
enum class StopScope {
  process,  // this one's alone
  group,    // its process group's: what a key at the terminal stops
};

class System {
 public:
  virtual ~System() = default;

  // Starts a process with every disposition reset to what pid1 inherited, and its program found
  // through PATH of its own environment. Blocks until the child has called exec or failed
  // (clone(2), CLONE_VFORK), so its session and group are there when this returns.
  virtual SpawnResult spawn(const SpawnRequest& request) = 0;

  // kill(2); 0 or errno. `pid` must be a child that was not reaped yet, which can't be recycled.
  virtual int signal_process(std::int32_t pid, int signo) = 0;
  // kill(2) with -pgid.
  virtual int signal_group(std::int32_t pgid, int signo) = 0;
  // Whether the group has members, zombies included.
  virtual bool group_exists(std::int32_t pgid) = 0;

  // Reaps one ended child, WNOHANG.
  virtual std::variant<Reaped, ReapEnd> reap() = 0;

  // The signal that stopped this child since the last call, or 0. Never reaps.
  virtual int stop_signal_of(std::int32_t pid) = 0;
  // Stops this process (SIGSTOP), and returns when it was continued; at once as PID 1, which the
  // kernel doesn't let stop itself.
  virtual void stop_self() = 0;
  // Stops as `signo`, one of SIGTSTP, SIGTTIN and SIGTTOU, does by default, which must be blocked,
  // and returns true when it was continued. False, at once: there is nobody above who would do
  // that, and the kernel stops neither an init nor a member of an orphaned process group (POSIX,
  // "Orphaned Process Group").
  virtual bool suspend(int signo, StopScope scope) = 0;

  // Signals every process but pid1: kill(-1) as PID 1, else our own descendants through /proc.
  // False where they can't be found, for want of a /proc of this PID namespace: then only children
  // and the group of the newest process that was spawned are reached.
  virtual bool signal_rest(int signo) = 0;

  // Whether this process is the init of its PID namespace.
  virtual bool is_init() const = 0;
};

}  // namespace pid1::system
