#include "supervisor/command_line/program_options.h"

namespace pid1::supervisor {

Rewrites no_rewrites() {
  Rewrites rewrites{};
  for (int signo = 1; signo <= kMaxSignal; ++signo) {
    rewrites[static_cast<std::size_t>(signo)] = signo;
  }
  return rewrites;
}

}  // namespace pid1::supervisor
