#include "supervisor/system/process.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace pid1::system {

const char* const* environment() { return environ; }

std::int32_t process_id() { return getpid(); }

void leave_working_directory() {
  // Where even that is refused, there is nothing to be done, and nothing depends on it.
  [[maybe_unused]] const int result = chdir("/");
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed) return seed;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_nsec) ^ static_cast<std::uint64_t>(getpid()) << 32;
}

void release_free_memory() { malloc_trim(0); }

int set_parent_death_signal(int signo) { return ::prctl(PR_SET_PDEATHSIG, signo) == 0 ? 0 : errno; }

}  // namespace pid1::system
