#include "supervisor/system/child.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pid1::system {
namespace {

[[noreturn]] void fail(ChildPlan& plan, SpawnStep step, int error) {
  plan.failure = {step, error};
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

// Nobody stops us for it: TTOU is blocked like all others. A refusal leaves a program that runs.
void take_terminal(const ChildPlan& plan) {
  if (plan.terminal < 0) return;
  switch (plan.session) {
    case Session::own: ::ioctl(plan.terminal, TIOCSCTTY, 0); return;
    case Session::own_group: ::tcsetpgrp(plan.terminal, ::getpid()); return;
  }
}

bool is_source_of_another(const ChildPlan& plan, const bool (&pending)[3], int target) {
  for (int other = 0; other <= 2; ++other) {
    if (other != target && pending[other] && plan.sources[other] == target) return true;
  }
  return false;
}

// Moves one source out of the way of a cycle such as 1 → 2, 2 → 1. Every source left is one of 0–2
// then, so nobody needs the spare descriptor any more, and taking its number can't fail with
// EMFILE.
bool break_cycle(ChildPlan& plan, const bool (&pending)[3]) {
  for (int target = 0; target <= 2; ++target) {
    if (!pending[target]) continue;
    const int moved = plan.spare >= 0 ? ::dup3(target, plan.spare, O_CLOEXEC)
                                      : ::fcntl(target, F_DUPFD_CLOEXEC, 3);
    if (moved < 0) return false;
    for (int& source : plan.sources) {
      if (source == target) source = moved;
    }
    return true;
  }
  return true;
}

// Sources become 0–2. A target is only overwritten once nobody waits for what it holds.
bool set_up_descriptors(ChildPlan& plan) {
  bool pending[3];
  int left = 0;
  for (int target = 0; target <= 2; ++target) {
    const int source = plan.sources[target];
    pending[target] = source != target && source != closed_descriptor;
    if (pending[target]) ++left;
    if (source == target && ::fcntl(target, F_SETFD, 0) != 0) return false;
  }
  while (left > 0) {
    const int before = left;
    for (int target = 0; target <= 2; ++target) {
      if (!pending[target] || is_source_of_another(plan, pending, target)) continue;
      if (::dup2(plan.sources[target], target) < 0) return false;
      pending[target] = false;
      --left;
    }
    if (left == before && !break_cycle(plan, pending)) return false;
  }
  for (int target = 0; target <= 2; ++target) {
    if (plan.sources[target] == closed_descriptor) ::close(target);
  }
  return true;
}

void close_other_descriptors(const ChildPlan& plan) {
  if (plan.keeps_descriptors) return;
  // Against descriptors of ours that lack O_CLOEXEC; a kernel before 5.11 can't, and has to trust.
  ::syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
}

// Raw calls: glibc's take locks and want every thread of the process to follow.
void change_identity(ChildPlan& plan) {
  if (plan.sets_groups && ::syscall(SYS_setgroups, plan.group_count, plan.groups) != 0) {
    fail(plan, SpawnStep::groups, errno);
  }
  if (plan.sets_gid && ::syscall(SYS_setresgid, plan.gid, plan.gid, plan.gid) != 0) {
    fail(plan, SpawnStep::gid, errno);
  }
  if (plan.sets_uid && ::syscall(SYS_setresuid, plan.uid, plan.uid, plan.uid) != 0) {
    fail(plan, SpawnStep::uid, errno);
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
  if (!begin_session(plan)) fail(plan, SpawnStep::session, errno);
  take_terminal(plan);  // first, for its number may be one of those that are replaced
  if (!set_up_descriptors(plan)) fail(plan, SpawnStep::descriptors, errno);
  close_other_descriptors(plan);
  change_identity(plan);
  // As the user it will be, like Docker: root might enter where the service may not.
  if (plan.working_dir != nullptr && ::chdir(plan.working_dir) != 0) {
    fail(plan, SpawnStep::working_dir, errno);
  }
  if (plan.sets_umask) ::umask(plan.umask);
  if (plan.pid_text != nullptr) write_pid(plan.pid_text);
  restore_signals(plan);
  fail(plan, SpawnStep::exec, execute_first(plan));
}

}  // namespace pid1::system
