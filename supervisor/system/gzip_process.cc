#include "supervisor/system/gzip_process.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "supervisor/system/gzip.h"
#include "supervisor/system/signals.h"

namespace pid1::system {
namespace {

// The numbers are free: what stands there is pid1's, and none of the child's business.
constexpr int kFrom = 0;
constexpr int kTo = 1;

void close_from(unsigned first) {
  if (::syscall(SYS_close_range, first, ~0u, 0u) == 0) return;
  const long most = ::sysconf(_SC_OPEN_MAX);  // before Linux 5.9
  for (int fd = static_cast<int>(first); fd < most; ++fd) ::close(fd);
}

[[noreturn]] void compress(int from, int to) {
  // Above the standard ones: pid1 has kept those taken.
  if (::dup2(from, kFrom) < 0 || ::dup2(to, kTo) < 0) ::_exit(1);
  close_from(2);
  ::prctl(PR_SET_NAME, "pid1-gzip");
  set_blocked_signals(0);
  become_unimportant();
  ::_exit(gzip(kFrom, kTo) == 0 ? 0 : 1);
}

}  // namespace

std::int32_t start_gzip(UniqueFd from, UniqueFd to) {
  const pid_t pid = ::fork();
  if (pid == 0) compress(from.get(), to.get());
  return pid > 0 ? pid : -errno;
}

}  // namespace pid1::system
