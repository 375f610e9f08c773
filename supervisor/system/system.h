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

// One more descriptor that the program gets: pid1's `from` as its `to`. -1: none.
struct PassedDescriptor {
  int from = -1;
  int to = -1;  // 3 or higher
};

// One limit of setrlimit(2), with RLIM_INFINITY for none.
struct ResourceLimit {
  int resource = 0;  // RLIMIT_…
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};

// Bit n is the capability with the number n (capabilities(7)). Bit 63, which is none, is set where
// ALL are meant, or all but some.
using CapabilitySet = std::uint64_t;

// What becomes of pid1's own capabilities: less `drop`, and with `add`, which outweighs a `drop` of
// the same one; where `add` is ALL, `drop` outweighs it. A user other than root, who would have
// none, gets `add` in its ambient set.
struct Privileges {
  CapabilitySet add = 0;
  CapabilitySet drop = 0;
  bool no_new = false;  // PR_SET_NO_NEW_PRIVS: no program gives more, like a setuid one
};

// What one process is to be. Pointers and spans are borrowed until spawn() returns.
struct SpawnRequest {
  std::span<const char* const> argv = {};         // ends with a null pointer
  std::span<const char* const> environment = {};  // ends with a null pointer
  const char* working_dir = nullptr;              // nullptr: pid1's own
  const Credentials* credentials = nullptr;       // nullptr: pid1's own
  std::optional<std::uint32_t> umask = {};
  std::span<const ResourceLimit> limits = {};  // set in this order; the others stay
  std::optional<int> oom_score_adj = {};       // -1000–1000, proc_pid_oom_score_adj(5)
  std::optional<int> nice = {};                // -20–19
  std::span<const std::uint32_t> cpus = {};    // may run on these only; empty: as pid1
  Privileges privileges = {};
  // A directory of cgroup v2, open, that the process is to be in from its first instruction; -1:
  // pid1's own.
  int cgroup = -1;
  int stdin_fd = default_descriptor;
  int stdout_fd = default_descriptor;
  int stderr_fd = default_descriptor;
  PassedDescriptor passed = {};

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
  // Where the child writes its own pid before its exec, in decimal with a null byte: parts of
  // `environment`, like the value of LISTEN_PID (sd_listen_fds(3)). At least 11 bytes each.
  std::span<char* const> pid_texts = {};
};

// Where a start went wrong, in the order of the child's steps.
enum class SpawnStep {
  process,  // clone(2) itself
  session,
  cgroup,
  descriptors,
  oom_score_adj,
  limit,
  nice,
  cpus,
  bounding_set,
  groups,
  gid,
  uid,
  capabilities,
  no_new_privileges,
  working_dir,
  exec,
};

struct SpawnError {
  SpawnStep step;
  int error;      // errno
  int which = 0;  // limit: RLIMIT_…; bounding_set, capabilities: CAP_…, -1 for no single one
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

  // The child that reap() would reap, as long as no other one ends; 0: none has ended.
  virtual std::int32_t next_ended() = 0;

  // Whether it is a child of this process that was not reaped yet.
  virtual bool is_child(std::int32_t pid) = 0;

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
