// A TERM during the start is never lost: `docker stop` right after `docker run`.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ostream>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

using Clock = std::chrono::steady_clock;

// Of each init; more with bazel test --test_env=PID1_TERM_RUNS=2000.
int runs() {
  const char* given = std::getenv("PID1_TERM_RUNS");
  return given == nullptr ? 120 : std::atoi(given);
}

struct Init {
  std::string argv0;
  std::vector<std::string> flags;
  std::vector<std::string> guard = {};
};

std::ostream& operator<<(std::ostream& out, const Init& init) { return out << init.argv0; }

Container container_of(const Init& init) {
  Container container{.args = init.flags, .argv0 = init.argv0, .guard = init.guard};
  container.args.insert(container.args.end(), {"probe", "web"});
  return container;
}

// What comes before its first instructions the kernel drops, whatever the first process is
// (pid_namespaces(7)); elsewhere pid1 would die of it.
// No event tells of them, and a pause between two looks would skip the moments that matter.
void await_first_instructions(const Init& init, Pid1& pid1) {
  if (!init.guard.empty()) {
    pid1.expect(reported("guard", "guarding"));
    return;
  }
  while (!pid1.blocks(SIGTERM)) {
  }
}

void let_pass(Clock::duration time) {
  const Clock::time_point end = Clock::now() + time;
  while (Clock::now() < end) {
  }
}

// From the first instructions of pid1 to the first report of the program: the median of some.
Clock::duration time_of_start(const Init& init) {
  std::array<Clock::duration, 9> times;
  for (Clock::duration& time : times) {
    Pid1 pid1(container_of(init));
    await_first_instructions(init, pid1);
    const Clock::time_point begin = Clock::now();
    pid1.expect(started("web"));
    time = Clock::now() - begin;
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

class ATermDuringTheStart : public ::testing::TestWithParam<Init> {};

// Either the program sees it, or it dies of it; pid1 ends with it in any case.
TEST_P(ATermDuringTheStart, EndsTheContainer) {
  const Clock::duration start = time_of_start(GetParam());
  int seen = 0;
  int died = 0;
  for (int i = 0; i < runs(); ++i) {
    Pid1 pid1(container_of(GetParam()));
    await_first_instructions(GetParam(), pid1);
    let_pass(start * i * 5 / (runs() * 4));
    pid1.signal(SIGTERM);
    const int code = pid1.wait();
    seen += code == 0;
    died += code == 128 + SIGTERM;
    ASSERT_TRUE(code == 128 + SIGTERM || (code == 0 && pid1.count(received("web", SIGTERM)) == 1))
        << "run " << i << ": " << code;
  }
  std::printf("%d programs saw it, %d died of it\n", seen, died);
}

INSTANTIATE_TEST_SUITE_P(Inits, ATermDuringTheStart,
                         ::testing::Values(Init{"pid1", {}}, Init{"pid1", {}, {"--beside"}},
                                           Init{"pid1", {"-g"}}, Init{"tini", {"-g"}},
                                           Init{"dumb-init", {}}, Init{"catatonit", {"-g"}}),
                         [](const auto& test) {
                           std::string name = test.param.argv0;
                           std::erase(name, '-');
                           if (!test.param.flags.empty()) name += "WithG";
                           return name + (test.param.guard.empty() ? "" : "BesideOthers");
                         });

}  // namespace

}  // namespace pid1::testing
