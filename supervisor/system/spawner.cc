#include "supervisor/system/spawner.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "supervisor/system/descriptors.h"
#include "supervisor/system/wait.h"

namespace pid1::system {
namespace {

constexpr std::size_t guard_size = 65536;  // one page at least, whatever a page is
constexpr std::size_t stack_size = 65536;

// Real, effective and saved id are one: a child has nothing to change.
std::uint32_t own_id(int (*get)(uid_t*, uid_t*, uid_t*)) {
  constexpr std::uint32_t mixed =
      ~0U;  // no id that a request can have: (uid_t)-1 means "unchanged"
  uid_t real = 0;
  uid_t effective = 0;
  uid_t saved = 0;
  get(&real, &effective, &saved);
  return real == effective && effective == saved ? real : mixed;
}

std::vector<std::uint32_t> own_groups() {
  std::vector<std::uint32_t> groups;
  const int count = ::getgroups(0, nullptr);
  if (count > 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgroups(count, groups.data()) < 0) groups.clear();
  }
  return groups;
}

// Membership in the main group itself gives nothing, listed or not.
bool adds_nothing(const std::vector<std::uint32_t>& groups, const Credentials& to) {
  return std::ranges::all_of(groups, [&](std::uint32_t group) {
    return group == to.gid || std::ranges::find(to.groups, group) != to.groups.end();
  });
}

bool may_have_been_refused(int error) {
  switch (error) {
    case EPERM:
    case EINVAL:
    case ENOSYS: return true;
    default: return false;
  }
}

}  // namespace

ChildStack::ChildStack()
    : base_(::mmap(nullptr, guard_size + stack_size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0)) {
  if (base_ != MAP_FAILED) ::mprotect(base_, guard_size, PROT_NONE);
}

ChildStack::~ChildStack() {
  if (base_ != MAP_FAILED) ::munmap(base_, guard_size + stack_size);
}

void* ChildStack::top() const {
  return base_ == MAP_FAILED ? nullptr : static_cast<char*>(base_) + guard_size + stack_size;
}

Spawner::Spawner(SignalMask inherited, SpawnMethod method)
    : to_ignore_(inherited.ignored),
      inherited_blocked_(inherited.blocked),
      method_(method),
      own_{.uid = own_id(::getresuid), .gid = own_id(::getresgid), .groups = own_groups()},
      is_dumpable_(::prctl(PR_GET_DUMPABLE) == 1),
      null_(open_null()) {
  // Whatever is blocked. The seven of a fault in any case, for a crash handler may come later.
  to_default_ = fault_signals();
  for (int signo = 1; signo <= last_signal; ++signo) {
    if (disposition(signo) != Disposition::standard) to_default_ |= signal_bit(signo);
  }
  to_default_ &= ~to_ignore_;
  if (stack_.top() == nullptr) method_ = SpawnMethod::fork;
}

SpawnResult Spawner::spawn(const SpawnRequest& request) {
  ChildPlan plan = plan_child(request);
  const SignalSet before = set_blocked_signals(all_signals);
  SpawnResult result =
      method_ == SpawnMethod::clone ? spawn_sharing_memory(plan) : spawn_by_fork(plan);
  set_blocked_signals(before);
  return result;
}

ChildPlan Spawner::plan_child(const SpawnRequest& request) {
  candidates_.assign(request.argv.front(), path_of(request.environment));

  ChildPlan plan;
  plan.candidates = candidates_.data();
  plan.argv = request.argv.data();
  plan.environment = request.environment.data();
  if (request.runs_scripts) {
    fill_script_arguments(request);
    plan.script_argv = script_argv_.data();
  }
  plan.pid_text = request.pid_text;
  plan.session = request.session;
  plan.terminal = request.terminal;
  plan.sources[0] = request.stdin_fd == default_descriptor ? null_.get() : request.stdin_fd;
  plan.sources[1] = request.stdout_fd == default_descriptor ? STDOUT_FILENO : request.stdout_fd;
  plan.sources[2] = request.stderr_fd == default_descriptor ? STDERR_FILENO : request.stderr_fd;
  plan.spare = null_.get();
  plan.keeps_descriptors = request.keeps_descriptors;
  if (request.credentials != nullptr) plan_identity(*request.credentials, plan);
  plan.working_dir = request.working_dir;
  plan.sets_umask = request.umask.has_value();
  plan.umask = request.umask.value_or(0);
  plan.to_default = to_default_;
  plan.to_ignore = to_ignore_;
  plan.blocked = inherited_blocked_;
  return plan;
}

// As execvp(3) has them: the shell, the script's path, which the child fills in, and the arguments.
void Spawner::fill_script_arguments(const SpawnRequest& request) {
  script_argv_.assign({"/bin/sh", nullptr});
  const auto arguments = request.argv.subspan(1);
  script_argv_.insert(script_argv_.end(), arguments.begin(), arguments.end());
}

// Only what differs is set, so that a pid1 without privileges can start services as itself.
void Spawner::plan_identity(const Credentials& to, ChildPlan& plan) const {
  plan.sets_groups = !adds_nothing(to.groups, Credentials{.gid = to.gid, .groups = own_.groups}) ||
                     !adds_nothing(own_.groups, to);
  plan.groups = to.groups.data();
  plan.group_count = to.groups.size();
  plan.sets_gid = to.gid != own_.gid;
  plan.gid = to.gid;
  plan.sets_uid = to.uid != own_.uid;
  plan.uid = to.uid;
}

SpawnResult Spawner::spawn_sharing_memory(ChildPlan& plan) {
  const int pid = ::clone(run_child, stack_.top(), CLONE_VM | CLONE_VFORK | SIGCHLD, &plan);
  if (pid < 0 && !may_have_been_refused(errno)) return SpawnError{SpawnStep::process, errno};
  if (pid < 0) {
    method_ = SpawnMethod::fork;
    return spawn_by_fork(plan);
  }
  // A change of user takes the right to be dumped from the memory that the child shared with us,
  // and with it the ownership of our files in /proc.
  if (is_dumpable_ && (plan.sets_uid || plan.sets_gid)) ::prctl(PR_SET_DUMPABLE, 1);
  if (plan.failure.error == 0) return pid;
  await_end(pid);
  return plan.failure;
}

SpawnResult Spawner::spawn_by_fork(ChildPlan& plan) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return SpawnError{SpawnStep::descriptors, errno};
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);

  plan.status = writing.get();
  const pid_t pid = ::_Fork();  // fork() would run handlers that libraries registered
  if (pid == 0) run_child(&plan);
  if (pid < 0) return SpawnError{SpawnStep::process, errno};

  writing.reset();
  SpawnError failure = {};
  ssize_t bytes;
  do {
    bytes = ::read(reading.get(), &failure, sizeof failure);
  } while (bytes < 0 && errno == EINTR);
  if (bytes != sizeof failure) return pid;  // end of file: exec closed the pipe
  await_end(pid);
  return failure;
}

}  // namespace pid1::system
