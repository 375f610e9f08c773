#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <new>

#include "supervisor/system/limits.h"
#include "tests/system/spawner_fixture.h"

// Counts what is allocated; both sides are replaced, so that they match.
static std::size_t allocations = 0;

// NOLINTBEGIN(cppcoreguidelines-no-malloc): what operator new itself is made of
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace pid1::system {
namespace {

using testing::count_descriptors;
using testing::StringList;

class SteadyState : public testing::SpawnerFixture {
 protected:
  // As many starts that succeed as such that fail.
  void start(int count) {
    for (int i = 0; i < count; i += 2) {
      const SpawnResult result =
          spawner_.spawn({.argv = good_.span(),
                          .environment = environment_.span(),
                          .session = i % 4 == 0 ? Session::own : Session::own_group,
                          .runs_scripts = true});
      await_end(std::get<std::int32_t>(result));
      spawner_.spawn({.argv = bad_.span(),
                      .environment = environment_.span(),
                      .limits = {&limit_, 1},
                      .oom_score_adj = 1000,
                      .nice = 19,
                      .cpus = {&processor_, 1},
                      .privileges = {.drop = 1, .no_new = true},
                      .passed = {.from = 1, .to = 3}});
    }
  }

  Spawner spawner_{{}, GetParam()};
  const StringList good_{"true"};
  const StringList bad_{"no-such-program"};
  const ResourceLimit limit_ = {.resource = RLIMIT_CORE, .soft = 0, .hard = 0};
  const std::uint32_t processor_ = available_cpus().front();
};

INSTANTIATE_TEST_SUITE_P(Methods, SteadyState, testing::both_methods(), testing::method_name);

TEST_P(SteadyState, AllocatesNothing) {
  start(2);
  const std::size_t before = allocations;
  start(10);
  EXPECT_EQ(allocations, before);
}

long resident_pages() {
  long size = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

TEST_P(SteadyState, LeaksNeitherDescriptorsNorMemoryOverAThousandStarts) {
  start(10);
  const int descriptors = count_descriptors();
  const long pages = resident_pages();
  start(1000);
  EXPECT_EQ(count_descriptors(), descriptors);
  // The kernel counts them in batches; one stack kept per start would be thousands.
  EXPECT_LE(resident_pages(), pages + 128);
  EXPECT_EQ(spawner_.method(), GetParam());
}

}  // namespace
}  // namespace pid1::system
