#include "supervisor/system/linux_system.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "supervisor/system/descriptors.h"
#include "supervisor/system/spawner.h"
#include "supervisor/system/suspension.h"
#include "supervisor/system/sweep.h"
#include "supervisor/system/wait.h"

namespace pid1::system {
namespace {

// A stopped process acts on a signal only once it is continued; SIGKILL needs no help, and a signal
// that stops must not be undone.
bool wants_continuing(int signo) {
  switch (signo) {
    case SIGKILL:
    case SIGCONT:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
    case 0: return false;
    default: return true;
  }
}

class LinuxSystem : public System {
 public:
  explicit LinuxSystem(SignalMask inherited) : spawner_(inherited), is_init_(::getpid() == 1) {}

  SpawnResult spawn(const SpawnRequest& request) override {
    SpawnResult result = spawner_.spawn(request);
    if (const auto* const pid = std::get_if<std::int32_t>(&result)) newest_group_ = *pid;
    // Only now: what is needed to begin at all comes first.
    if (!is_init_) reserve_descriptors();
    return result;
  }

  int signal_process(std::int32_t pid, int signo) override {
    // 0, -1 and other negatives address groups or everybody; 1 is never a child.
    if (pid <= 1) return ESRCH;
    return ::kill(pid, signo) == 0 ? 0 : errno;
  }

  int signal_group(std::int32_t pgid, int signo) override {
    if (pgid <= 1) return ESRCH;  // kill(-1) would be everybody
    return ::kill(-pgid, signo) == 0 ? 0 : errno;
  }

  bool group_exists(std::int32_t pgid) override { return signal_group(pgid, 0) != ESRCH; }

  std::variant<Reaped, ReapEnd> reap() override { return system::reap(); }

  std::int32_t next_ended() override { return system::next_ended(); }

  bool is_child(std::int32_t pid) override { return system::is_child(pid); }

  int stop_signal_of(std::int32_t pid) override { return system::stop_signal_of(pid); }

  void stop_self() override { ::kill(::getpid(), SIGSTOP); }

  bool suspend(int signo, StopScope scope) override { return system::suspend(signo, scope); }

  bool signal_rest(int signo) override {
    if (is_init_) {
      ::kill(-1, signo);
      if (wants_continuing(signo)) ::kill(-1, SIGCONT);
      return true;
    }
    // Descendants are children, or some child's. To look through /proc takes its time.
    if (!has_children()) return true;
    // A process is held on to while its stat is read: this is no time to lack descriptors.
    for (SpareDescriptor& spare : spares_) spare.lend();
    const bool found = signal_descendants(signo, newest_group_);
    if (wants_continuing(signo)) signal_descendants(SIGCONT, newest_group_);
    reserve_descriptors();
    return found;
  }

  bool is_init() const override { return is_init_; }

 private:
  void reserve_descriptors() {
    for (SpareDescriptor& spare : spares_) spare.reserve();
  }

  Spawner spawner_;
  std::array<SpareDescriptor, 2> spares_;
  std::int32_t newest_group_ = 0;
  bool is_init_;
};

}  // namespace

std::unique_ptr<System> linux_system(SignalMask inherited) {
  return std::make_unique<LinuxSystem>(inherited);
}

ReaperRole become_reaper() {
  if (::getpid() == 1) return ReaperRole::init;
  return ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? ReaperRole::subreaper : ReaperRole::none;
}

}  // namespace pid1::system
