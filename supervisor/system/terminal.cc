#include "supervisor/system/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "supervisor/system/signals.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::system {
namespace {

// Refused (ENOTTY) but for the caller's own, and for the master of any.
bool is_controlling(int fd) { return ::tcgetsid(fd) == ::getsid(0); }

bool leads_session() { return ::getsid(0) == ::getpid(); }

bool is_gone(pid_t pgid) { return ::kill(-pgid, 0) != 0 && errno == ESRCH; }

// For a group that has no number in our PID namespace: who is in the background may not read, and
// is told so where it blocks SIGTTIN. Nothing is read, and nobody waited for.
bool may_read() {
  const UniqueFd own(::open("/dev/tty", O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  char none;
  return own && (::read(own.get(), &none, 0) == 0 || errno != EIO);
}

// A standard signal that was pending before swallows the kernel's, which comes in our own name.
void consume_own(int signo) {
  const SignalSet wanted = signal_bit(signo);
  const timespec at_once = {};
  siginfo_t info = {};
  if (::syscall(SYS_rt_sigtimedwait, &wanted, &info, &at_once, sizeof wanted) < 0) return;
  if (info.si_pid != ::getpid()) ::syscall(SYS_rt_sigqueueinfo, ::getpid(), signo, &info);
}

}  // namespace

Terminal Terminal::find() {
  Terminal terminal;
  if (is_controlling(STDIN_FILENO)) terminal.fd_ = STDIN_FILENO;
  return terminal;
}

bool Terminal::is_led() const { return exists() && leads_session(); }

bool Terminal::may_give() const {
  const pid_t foreground = ::tcgetpgrp(fd_);
  if (foreground < 0) return false;
  if (leads_session()) return true;
  const pid_t own = ::getpgrp();
  return foreground == own && (own != 0 || may_read());
}

bool Terminal::is_free() const {
  const pid_t foreground = ::tcgetpgrp(fd_);
  return foreground >= 0 && (foreground == ::getpgrp() || is_gone(foreground));
}

void Terminal::give_to(std::int32_t pgid) const { ::tcsetpgrp(fd_, pgid); }

void Terminal::take_back_from(std::int32_t pgid) const {
  const pid_t foreground = ::tcgetpgrp(fd_);
  if (foreground < 0) return;
  if (foreground == pgid || leads_session() || is_gone(foreground)) {
    ::tcsetpgrp(fd_, ::getpgrp());
  }
}

void Terminal::release_to_child() const {
  if (!is_led() || ::ioctl(fd_, TIOCNOTTY) != 0) return;
  consume_own(SIGHUP);
  consume_own(SIGCONT);
}

}  // namespace pid1::system
