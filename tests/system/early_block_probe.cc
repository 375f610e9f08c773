#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "supervisor/system/signals.h"

// Says what was blocked when main began, and what was inherited; TERM came before.
namespace {

const int raised = raise(SIGTERM);

}  // namespace

int main() {
  const pid1::system::SignalSet blocked = pid1::system::blocked_signals();
  const pid1::system::SignalMask inherited = pid1::system::block_async_signals();
  sigset_t pending;
  sigpending(&pending);
  std::printf("%d %016llx %016llx %d\n", raised, static_cast<unsigned long long>(blocked),
              static_cast<unsigned long long>(inherited.blocked), sigismember(&pending, SIGTERM));
}
