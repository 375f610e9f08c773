#include "supervisor/system/signal_fd.h"

#include <sys/signalfd.h>
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>

#include "supervisor/system/signals.h"

namespace pid1::system {
namespace {

// Of a write of ours to a closed pipe, or beyond RLIMIT_FSIZE, or of our own RLIMIT_CPU.
bool is_about_ourselves(const signalfd_siginfo& info) {
  switch (info.ssi_signo) {
    case SIGPIPE:
    case SIGXFSZ: return static_cast<pid_t>(info.ssi_pid) == ::getpid();
    case SIGXCPU: return info.ssi_code == SI_KERNEL;
    default: return false;
  }
}

}  // namespace

SignalFd::SignalFd() {
  // The raw call, because glibc's takes a sigset_t.
  const SignalSet blocked = blocked_signals();
  fd_.reset(static_cast<int>(
      ::syscall(SYS_signalfd4, -1, &blocked, sizeof blocked, SFD_NONBLOCK | SFD_CLOEXEC)));
  if (!fd_) error_ = errno;
}

std::span<const ReceivedSignal> SignalFd::read() {
  std::array<signalfd_siginfo, batch> infos;
  std::size_t kept = 0;
  while (kept == 0) {
    const ssize_t bytes = ::read(fd_.get(), infos.data(), sizeof infos);
    if (bytes <= 0) break;
    const std::size_t count = static_cast<std::size_t>(bytes) / sizeof(signalfd_siginfo);
    for (const signalfd_siginfo& info : std::span(infos).first(count)) {
      if (is_about_ourselves(info)) continue;
      records_[kept++] = {.signo = static_cast<int>(info.ssi_signo),
                          .sender_pid = static_cast<std::int32_t>(info.ssi_pid),
                          .sender_uid = info.ssi_uid,
                          .from_kernel = info.ssi_code == SI_KERNEL};
    }
  }
  return std::span(records_).first(kept);
}

}  // namespace pid1::system
