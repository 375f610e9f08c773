#include "supervisor/system/process.h"

#include <malloc.h>
#include <sys/random.h>
#include <unistd.h>

#include <ctime>

namespace pid1::system {

const char* const* environment() { return environ; }

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed) return seed;
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_nsec) ^ static_cast<std::uint64_t>(getpid()) << 32;
}

void release_free_memory() { malloc_trim(0); }

}  // namespace pid1::system
