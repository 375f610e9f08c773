#include "supervisor/system/child.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "supervisor/system/child_rights.h"

namespace pid1::system {
namespace {

[[noreturn]] void fail(ChildPlan& plan, const SpawnError& failure) {
  plan.failure = failure;
  if (plan.status >= 0) {
    // A record this small is written whole or not at all; without it, the parent sees exit code
    // 127.
    [[maybe_unused]] const ssize_t written =
        ::write(plan.status, &plan.failure, sizeof plan.failure);
  }
  ::_exit(127);
}

bool begin_session(const ChildPlan& plan) {
  switch (plan.session) {
    case Session::own: return ::setsid() >= 0;
    case Session::own_group: return ::setpgid(0, 0) == 0;
  }
  return false;
}

// "0" is the process that writes (cgroups(7)). The opener's rights count, so it is opened here.
bool enter_cgroup(int directory) {
  const int file = ::openat(directory, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool is_in = ::write(file, "0", 1) == 1;
  const int error = errno;
  ::close(file);
  errno = error;
  return is_in;
}

// Nobody stops us for it: TTOU is blocked like all others. A refusal leaves a program that runs.
void take_terminal(const ChildPlan& plan) {
  if (plan.terminal < 0) return;
  switch (plan.session) {
    case Session::own: ::ioctl(plan.terminal, TIOCSCTTY, 0); return;
    case Session::own_group: ::tcsetpgrp(plan.terminal, ::getpid()); return;
  }
}

// Handlers first: one of ours that ran here would do so in the parent's memory.
void restore_signals(const ChildPlan& plan) {
  for (int signo = 1; signo <= last_signal; ++signo) {
    if (contains(plan.to_default, signo)) set_disposition(signo, Disposition::standard);
    if (contains(plan.to_ignore, signo)) set_disposition(signo, Disposition::ignored);
  }
  set_blocked_signals(plan.blocked);
}

// The raw call, because the declaration of execve(2) wants arguments that it might change.
void execute(const char* path, const char* const* argv, const ChildPlan& plan) {
  ::syscall(SYS_execve, path, argv, plan.environment);
}

bool is_elf(const char* path) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char magic[SELFMAG] = {};
  const bool is_whole = ::read(file, magic, sizeof magic) == sizeof magic;
  ::close(file);
  return is_whole && std::memcmp(magic, ELFMAG, SELFMAG) == 0;
}

// Returns errno. Without a shell, what is wrong is still that the script doesn't name its own.
int execute_script(const char* path, const ChildPlan& plan) {
  if (plan.script_argv == nullptr || is_elf(path)) return ENOEXEC;
  plan.script_argv[1] = path;
  execute(plan.script_argv[0], plan.script_argv, plan);
  return errno == ENOENT ? ENOEXEC : errno;
}

// The order of precedence is execvp's: a program that was there and might not be run outweighs one
// that was not there. Returns the errno that tells most.
int execute_first(const ChildPlan& plan) {
  int remembered = ENOENT;
  for (const char* const* path = plan.candidates; *path != nullptr; ++path) {
    execute(*path, plan.argv, plan);
    const int error = errno == ENOEXEC ? execute_script(*path, plan) : errno;
    switch (error) {
      case ENOENT:
      case ENOTDIR: break;
      case EACCES: remembered = EACCES; break;
      case ELOOP:
      case ENAMETOOLONG:
      case ENODEV:
      case ESTALE:
      case ETIMEDOUT:
        if (remembered == ENOENT) remembered = error;
        break;
      default: return error;
    }
  }
  return remembered;
}

void write_pid(char* to) {
  char digits[10];
  int count = 0;
  for (pid_t rest = ::getpid(); rest > 0; rest /= 10) {
    digits[count++] = static_cast<char>('0' + rest % 10);
  }
  while (count > 0) *to++ = digits[--count];
  *to = '\0';
}

}  // namespace

int run_child(void* child_plan) {
  ChildPlan& plan = *static_cast<ChildPlan*>(child_plan);
  // Before any descriptor changes.
  if (!leave_shared_table(plan.descriptors)) fail(plan, {SpawnStep::descriptors, errno});
  if (!begin_session(plan)) fail(plan, {SpawnStep::session, errno});
  // These two first, for their numbers may be among those that are replaced.
  if (plan.cgroup >= 0 && !enter_cgroup(plan.cgroup)) fail(plan, {SpawnStep::cgroup, errno});
  take_terminal(plan);
  if (!set_up_descriptors(plan.descriptors)) fail(plan, {SpawnStep::descriptors, errno});
  // A file is opened then, maybe in a full table, and nobody needs the spare descriptor any more.
  if (plan.rights.oom_score_adj != nullptr) ::close(plan.descriptors.spare);
  if (const SpawnError error = take_limits(plan.rights); error.error != 0) fail(plan, error);
  if (const SpawnError error = change_identity(plan.rights); error.error != 0) fail(plan, error);
  // As the user it will be, like Docker: root might enter where the service may not.
  if (plan.working_dir != nullptr && ::chdir(plan.working_dir) != 0) {
    fail(plan, {SpawnStep::working_dir, errno});
  }
  if (plan.sets_umask) ::umask(plan.umask);
  for (std::size_t i = 0; i < plan.pid_text_count; ++i) write_pid(plan.pid_texts[i]);
  restore_signals(plan);
  fail(plan, {SpawnStep::exec, execute_first(plan)});
}

}  // namespace pid1::system
