#include "supervisor/system/close_elsewhere.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace pid1::system {
namespace {

bool is_pipe(const UniqueFd& descriptor) {
  struct stat status;
  return ::fstat(descriptor.get(), &status) == 0 && S_ISFIFO(status.st_mode);
}

void close_without_lingering(UniqueFd& descriptor) {
  const struct linger off = {.l_onoff = 0, .l_linger = 0};
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_LINGER, &off, sizeof off);
  descriptor.reset();
}

// Not _Fork(), which copies the descriptor table: then ours would still be to be closed.
long clone_sharing_descriptors() {
  return ::syscall(SYS_clone, CLONE_FILES | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
}

}  // namespace

void close_elsewhere(std::span<UniqueFd> descriptors) {
  for (UniqueFd& one : descriptors) {
    if (one && is_pipe(one)) one.reset();
  }
  if (std::ranges::none_of(descriptors, [](const UniqueFd& one) { return one.get() >= 0; })) return;
  const long pid = clone_sharing_descriptors();
  if (pid == 0) {
    for (UniqueFd& one : descriptors) one.reset();
    ::_exit(0);
  }
  for (UniqueFd& one : descriptors) {
    if (pid < 0) {
      close_without_lingering(one);
    } else {
      static_cast<void>(one.release());
    }
  }
}

}  // namespace pid1::system
