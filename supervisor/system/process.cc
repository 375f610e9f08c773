#include "supervisor/system/process.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <ctime>

namespace pid1::system {

namespace {

std::uintptr_t page_mask() { return static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)) - 1; }

}  // namespace

const char* const* environment() { return environ; }

std::int32_t process_id() { return getpid(); }

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

std::uint32_t user_id() { return ::geteuid(); }

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

void release_text() {
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void*) {
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& segment = object->dlpi_phdr[i];
          // What was ever written to, relocations included, would be lost.
          if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
          const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~page_mask();
          const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
          // NOLINTNEXTLINE(performance-no-int-to-ptr): addresses are numbers in ELF
          ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
        }
        return 1;  // the first object is the program itself
      },
      nullptr);
}

int set_parent_death_signal(int signo) { return ::prctl(PR_SET_PDEATHSIG, signo) == 0 ? 0 : errno; }

}  // namespace pid1::system
