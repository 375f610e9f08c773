#include "tests/support/launch.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <stdexcept>

// <sys/mount.h> of glibc 2.36 and <linux/mount.h> can't be included together.
extern "C" int mount(const char* source, const char* target, const char* type, unsigned long flags,
                     const void* data) noexcept;

namespace pid1::testing {

namespace {

constexpr int kSetUpFailed = 125;
constexpr int kCapabilities = 64;

void require(bool success, const char* step) {
  if (success) return;
  const std::string line = std::string("cannot ") + step + ": " + std::strerror(errno) + '\n';
  (void)!write(2, line.data(), line.size());
  _exit(kSetUpFailed);
}

bool restricted(const Launch& what, Restriction restriction) {
  return what.restrictions.contains(restriction);
}

void set_descriptors(const Launch& what) {
  const int null = open("/dev/null", O_RDWR);
  require(null >= 0, "open /dev/null");
  require(dup2(what.stderr_fd < 0 ? null : what.stderr_fd, 2) == 2, "set stderr");
  require(dup2(what.stdout_fd < 0 ? null : what.stdout_fd, 1) == 1, "set stdout");
  require(dup2(null, 0) == 0, "set stdin");
  if (what.terminal_fd >= 0) {
    require(ioctl(what.terminal_fd, TIOCSCTTY, 0) == 0, "control the terminal");
    require(dup2(what.terminal_fd, 0) == 0 && dup2(what.terminal_fd, 1) == 1, "set the terminal");
  }
  syscall(SYS_close_range, 3u, ~0u, 0u);
  for (const int fd : what.descriptors) require(dup2(0, fd) == fd, "open a descriptor");
}

void close_descriptors(const Launch& what) {
  if (restricted(what, Restriction::closed_stdin)) close(0);
  if (restricted(what, Restriction::closed_stdout)) close(1);
  if (restricted(what, Restriction::closed_stderr)) close(2);
}

void set_mounts(const Launch& what) {
  require(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "make mounts private");
  require(mount("proc", "/proc", "proc", 0, nullptr) == 0, "mount /proc");
  for (const auto& [from, to] : what.bind_mounts) {
    require(mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) == 0, "bind a file");
  }
  if (restricted(what, Restriction::noexec_run)) {
    require(mount("run", "/run", "tmpfs", MS_NOEXEC, "mode=1777") == 0, "mount /run");
  }
  if (restricted(what, Restriction::read_only_root)) {
    mount_attr read_only{};
    read_only.attr_set = MOUNT_ATTR_RDONLY;
    require(
        syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &read_only, sizeof read_only) == 0,
        "make the mounts read-only");
  }
}

void join_cgroup(const std::string& procs) {
  if (procs.empty()) return;
  const int fd = open(procs.c_str(), O_WRONLY | O_CLOEXEC);
  require(fd >= 0 && write(fd, "0", 1) == 1, "join the cgroup");
  close(fd);
}

void set_limits(const Launch& what) {
  for (const auto& [resource, soft] : what.limits) {
    rlimit limit{};
    const auto name = static_cast<__rlimit_resource_t>(resource);
    getrlimit(name, &limit);
    limit.rlim_cur = soft;
    require(setrlimit(name, &limit) == 0, "set a limit");
  }
}

void drop_capabilities() {
  for (unsigned long capability = 0; capability < kCapabilities; ++capability) {
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);  // fails beyond the kernel's last one
  }
  struct {
    std::uint32_t version = 0x20080522;  // _LINUX_CAPABILITY_VERSION_3, capset(2)
    int pid = 0;
  } header;
  const std::uint32_t none[6] = {};
  require(syscall(SYS_capset, &header, none) == 0, "drop the capabilities");
}

void set_privileges(const Launch& what) {
  if (what.user) {
    require(setgroups(0, nullptr) == 0, "drop the groups");
    require(setresgid(*what.user, *what.user, *what.user) == 0, "set the group");
    require(setresuid(*what.user, *what.user, *what.user) == 0, "set the user");
  }
  if (restricted(what, Restriction::no_capabilities)) drop_capabilities();
  if (restricted(what, Restriction::no_new_privs)) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  // After the change of user, which clears it.
  require(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0, "die with the test");
}

// Of all 64: what runs tests may ignore those that libc keeps to itself (nptl(7)).
void reset_dispositions() {
  const std::uint64_t standard[4] = {};  // the kernel's struct sigaction, with SIG_DFL
  for (int signo = 1; signo <= 64; ++signo) {
    syscall(SYS_rt_sigaction, signo, standard, nullptr, sizeof(std::uint64_t));
  }
}

void set_signals(const Launch& what) {
  reset_dispositions();
  sigset_t mask;
  sigemptyset(&mask);
  if (restricted(what, Restriction::blocked_usr1)) sigaddset(&mask, SIGUSR1);
  for (const int signo : what.blocked) sigaddset(&mask, signo);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  if (restricted(what, Restriction::ignored_sigchld)) signal(SIGCHLD, SIG_IGN);
  for (const int signo : what.ignored) signal(signo, SIG_IGN);
}

// As execve(2) wants them, with a null pointer at the end.
std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void become(const Launch& what) {
  setsid();
  set_descriptors(what);
  join_cgroup(what.cgroup_procs);
  set_mounts(what);
  require(chdir(what.working_dir.c_str()) == 0, "change the directory");
  set_limits(what);
  if (what.umask) umask(*what.umask);
  set_privileges(what);
  set_signals(what);

  std::vector<std::string> words = what.argv;
  std::vector<std::string> pairs;
  pairs.reserve(what.environment.size());
  for (const auto& [name, value] : what.environment)
    pairs.emplace_back(name).append("=").append(value);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> environment = pointers_to(pairs);

  close_descriptors(what);
  execve(what.program.c_str(), argv.data(), environment.data());
  require(false, "execute the program");
  _exit(kSetUpFailed);
}

}  // namespace

Launched launch(const Launch& what) {
  Launched launched;
  clone_args args{};
  args.flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<std::uintptr_t>(&launched.pidfd);
  args.exit_signal = SIGCHLD;
  const long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid < 0) throw std::runtime_error(std::string("cannot clone: ") + std::strerror(errno));
  if (pid == 0) become(what);
  launched.pid = static_cast<pid_t>(pid);
  return launched;
}

}  // namespace pid1::testing
