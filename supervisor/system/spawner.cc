#include "supervisor/system/spawner.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>

#include "supervisor/system/credentials.h"
#include "supervisor/system/descriptors.h"
#include "supervisor/system/resources.h"
#include "supervisor/system/wait.h"

namespace pid1::system {
namespace {

constexpr std::size_t guard_size = 65536;  // one page at least, whatever a page is
constexpr std::size_t stack_size = 65536;

bool may_have_been_refused(int error) {
  switch (error) {
    case EPERM:
    case EINVAL:
    case ENOSYS: return true;
    default: return false;
  }
}

// As fork(2), with all of it in another cgroup from the beginning: clone(2), CLONE_INTO_CGROUP.
pid_t fork_into(int cgroup) {
  clone_args arguments = {};
  arguments.flags = CLONE_INTO_CGROUP;
  arguments.exit_signal = SIGCHLD;
  arguments.cgroup = static_cast<std::uint64_t>(cgroup);
  return static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
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
      own_(own_credentials()),
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
  if (!keep_clear_of(request.passed.to)) return SpawnError{SpawnStep::descriptors, errno};
  ChildPlan plan = plan_child(request);
  const SignalSet before = set_blocked_signals(all_signals);
  SpawnResult result = spawn_planned(plan);
  set_blocked_signals(before);
  return result;
}

SpawnResult Spawner::spawn_planned(ChildPlan& plan) {
  if (plan.cgroup >= 0 && clones_into_cgroups_) {
    if (const auto result = spawn_into_cgroup(plan)) return *result;
  }
  return method_ == SpawnMethod::clone ? spawn_sharing_memory(plan) : spawn_by_fork(plan);
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
  plan.pid_texts = request.pid_texts.data();
  plan.pid_text_count = request.pid_texts.size();
  plan.session = request.session;
  plan.terminal = request.terminal;
  plan.cgroup = request.cgroup;
  plan_descriptors(request, plan.descriptors);
  plan_limits(request, plan.rights);
  if (request.credentials != nullptr) plan_identity(*request.credentials, plan.rights);
  plan_privileges(request, plan.rights);
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

void Spawner::plan_descriptors(const SpawnRequest& request, ChildDescriptors& plan) const {
  plan.sources[0] = request.stdin_fd == default_descriptor ? null_.get() : request.stdin_fd;
  plan.sources[1] = request.stdout_fd == default_descriptor ? STDOUT_FILENO : request.stdout_fd;
  plan.sources[2] = request.stderr_fd == default_descriptor ? STDERR_FILENO : request.stderr_fd;
  plan.sources[3] = request.passed.from;
  plan.targets[3] = request.passed.to;
  plan.spare = null_.get();
  plan.keeps_others = request.keeps_descriptors;
}

// Our own spare descriptor gives way to one that a program is to have by that number.
bool Spawner::keep_clear_of(int target) {
  if (target < 0 || target != null_.get()) return true;
  UniqueFd moved(::fcntl(target, F_DUPFD_CLOEXEC, 3));
  if (!moved) return false;
  null_ = std::move(moved);
  return true;
}

void Spawner::plan_limits(const SpawnRequest& request, ChildRights& plan) {
  plan.limits = request.limits.data();
  plan.limit_count = request.limits.size();
  if (request.oom_score_adj) {
    char* const begin = oom_score_adj_.data();
    const auto end = std::to_chars(begin, begin + oom_score_adj_.size(), *request.oom_score_adj);
    plan.oom_score_adj = begin;
    plan.oom_score_adj_length = static_cast<std::size_t>(end.ptr - begin);
  }
  plan.sets_nice = request.nice.has_value();
  plan.nice = request.nice.value_or(0);
  if (request.cpus.empty()) return;
  constexpr std::size_t word_bits = 8 * sizeof(unsigned long);
  cpus_.assign(std::ranges::max(request.cpus) / word_bits + 1, 0);
  for (const std::uint32_t cpu : request.cpus) {
    cpus_[cpu / word_bits] |= 1UL << (cpu % word_bits);
  }
  plan.cpus = cpus_.data();
  plan.cpu_words = cpus_.size();
}

// Only what differs is set, so that a pid1 without privileges can start services as itself.
void Spawner::plan_identity(const Credentials& to, ChildRights& plan) const {
  const IdentityChange change = identity_change(own_, to);
  plan.sets_groups = change.groups;
  plan.groups = to.groups.data();
  plan.group_count = to.groups.size();
  plan.sets_gid = change.gid;
  plan.gid = to.gid;
  plan.sets_uid = change.uid;
  plan.uid = to.uid;
}

void Spawner::plan_privileges(const SpawnRequest& request, ChildRights& plan) {
  const Privileges& wanted = request.privileges;
  plan.no_new_privileges = wanted.no_new;
  if (wanted.add == 0 && wanted.drop == 0) return;
  if (!own_capabilities_) own_capabilities_ = own_capabilities();
  const std::uint32_t to = request.credentials != nullptr ? request.credentials->uid : own_.uid;
  plan.capabilities = plan_capabilities(*own_capabilities_, wanted, {.from = own_.uid, .to = to});
}

// Nothing where it could not be done so; without a need for it, if a kernel or sandbox is against.
std::optional<SpawnResult> Spawner::spawn_into_cgroup(ChildPlan& plan) {
  const int cgroup = std::exchange(plan.cgroup, -1);
  const SpawnResult result = fork_child(plan, cgroup);
  const auto* const failed = std::get_if<SpawnError>(&result);
  if (failed == nullptr || failed->step != SpawnStep::cgroup) return result;
  if (may_have_been_refused(failed->error) || failed->error == E2BIG) clones_into_cgroups_ = false;
  plan.cgroup = cgroup;
  plan.status = -1;
  return std::nullopt;
}

// A table of thousands of descriptors takes longer to copy, and to be closed one by one at exec,
// than all else together. The one that is closed first is above all that the child needs.
void Spawner::plan_table(ChildPlan& plan) const {
  constexpr int most = 256;  // more are about as dear as a copy
  if (!shares_table_ || plan.descriptors.keeps_others) return;
  const auto& [sources, targets, spare, keeps_others, shared_from] = plan.descriptors;
  const int highest = std::max({std::ranges::max(sources), std::ranges::max(targets), spare,
                                plan.terminal, plan.cgroup, STDERR_FILENO});
  if (highest < most) plan.descriptors.shared_from = highest + 1;
}

SpawnResult Spawner::spawn_sharing_memory(ChildPlan& plan) {
  plan_table(plan);
  const int shared = plan.descriptors.shared_from >= 0 ? CLONE_FILES : 0;
  const int pid =
      ::clone(run_child, stack_.top(), CLONE_VM | CLONE_VFORK | shared | SIGCHLD, &plan);
  if (pid < 0 && !may_have_been_refused(errno)) return SpawnError{SpawnStep::process, errno};
  if (pid < 0) {
    method_ = SpawnMethod::fork;
    plan.descriptors.shared_from = -1;
    return spawn_by_fork(plan);
  }
  // A change of user takes the right to be dumped from the memory that the child shared with us,
  // and with it the ownership of our files in /proc.
  if (is_dumpable_ && (plan.rights.sets_uid || plan.rights.sets_gid)) ::prctl(PR_SET_DUMPABLE, 1);
  if (plan.failure.error == 0) return pid;
  await_end(pid);
  if (plan.descriptors.shared_from < 0) return plan.failure;
  // It is the table that it could not leave: an old kernel, or a sandbox.
  shares_table_ = false;
  plan.descriptors.shared_from = -1;
  plan.failure = {SpawnStep::process, 0};
  return spawn_sharing_memory(plan);
}

SpawnResult Spawner::spawn_by_fork(ChildPlan& plan) { return fork_child(plan, -1); }

SpawnResult Spawner::fork_child(ChildPlan& plan, int cgroup) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return SpawnError{SpawnStep::descriptors, errno};
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  if (writing.get() == plan.descriptors.targets[3]) {
    writing.reset(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
    if (!writing) return SpawnError{SpawnStep::descriptors, errno};
  }

  plan.status = writing.get();
  // fork() would run handlers that libraries registered.
  const pid_t pid = cgroup >= 0 ? fork_into(cgroup) : ::_Fork();
  if (pid == 0) run_child(&plan);
  if (pid < 0 && cgroup >= 0 && !lacks_resources(errno))
    return SpawnError{SpawnStep::cgroup, errno};
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
