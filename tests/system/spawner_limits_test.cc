#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "supervisor/system/limits.h"
#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::in_child;

constexpr std::uint32_t nobody = 65534;

class ItsLimits : public testing::SpawnerFixture {};

INSTANTIATE_TEST_SUITE_P(Methods, ItsLimits, testing::both_methods(), testing::method_name);

int oom_score_adj_of(pid_t pid) {
  int value = ~0;
  std::ifstream("/proc/" + std::to_string(pid) + "/oom_score_adj") >> value;
  return value;
}

// Nobody has a right that isn't everybody's; its own /proc/self is its own, as after an exec.
void become_nobody() {
  if (geteuid() == 0) {
    ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
  }
  prctl(PR_SET_DUMPABLE, 1);
}

struct rlimit limit_of(pid_t pid, int resource) {
  struct rlimit limit = {};
  EXPECT_EQ(prlimit(pid, static_cast<__rlimit_resource>(resource), nullptr, &limit), 0);
  return limit;
}

// prlimit(2) answers only about processes of our own user, where we lack CAP_SYS_RESOURCE.
std::string descriptors_limit_of_stranger(pid_t pid) {
  std::ifstream limits("/proc/" + std::to_string(pid) + "/limits");
  for (std::string word; limits >> word;) {
    if (word != "files") continue;
    std::string soft;
    std::string hard;
    limits >> soft >> hard;
    return soft + " " + hard;
  }
  return "none";
}

TEST_P(ItsLimits, AreThoseOfTheRequestForAllSixteenResources) {
  std::vector<ResourceLimit> limits;
  for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS); ++resource) {
    // Below what we have, and enough for a shell to run.
    constexpr std::uint64_t enough = std::uint64_t{1} << 32;
    const std::uint64_t most = std::min(limit_of(getpid(), resource).rlim_max, enough);
    limits.push_back({.resource = resource, .soft = most - most / 4, .hard = most - most / 8});
  }
  observe({.limits = limits}, [&](pid_t pid) {
    for (const ResourceLimit& limit : limits) {
      const struct rlimit got = limit_of(pid, limit.resource);
      EXPECT_EQ(got.rlim_cur, limit.soft) << limit_name(limit.resource);
      EXPECT_EQ(got.rlim_max, limit.hard) << limit_name(limit.resource);
    }
  });
}

TEST_P(ItsLimits, AreThoseOfItsParentWhereNothingIsAskedFor) {
  const int own_adjustment = oom_score_adj_of(getpid());
  observe({}, [&](pid_t pid) {
    for (int resource = 0; resource < static_cast<int>(RLIM_NLIMITS); ++resource) {
      EXPECT_EQ(limit_of(pid, resource).rlim_cur, limit_of(getpid(), resource).rlim_cur);
      EXPECT_EQ(limit_of(pid, resource).rlim_max, limit_of(getpid(), resource).rlim_max);
    }
    EXPECT_EQ(oom_score_adj_of(pid), own_adjustment);
    EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(pid)), getpriority(PRIO_PROCESS, 0));
  });
}

TEST_P(ItsLimits, MayBeAbsentWhereItsParentHasNone) {
  const ResourceLimit none = {.resource = RLIMIT_CPU, .soft = RLIM_INFINITY, .hard = RLIM_INFINITY};
  ASSERT_EQ(limit_of(getpid(), RLIMIT_CPU).rlim_max, RLIM_INFINITY);
  observe({.limits = {&none, 1}},
          [](pid_t pid) { EXPECT_EQ(limit_of(pid, RLIMIT_CPU).rlim_max, RLIM_INFINITY); });
}

TEST_P(ItsLimits, LeaveThoseOfItsParentAlone) {
  in_child([&] {
    const struct rlimit own = limit_of(getpid(), RLIMIT_NOFILE);
    const int own_adjustment = oom_score_adj_of(getpid());
    const int own_priority = getpriority(PRIO_PROCESS, 0);
    const ResourceLimit few = {.resource = RLIMIT_NOFILE, .soft = 16, .hard = 17};
    const std::uint32_t cpu = available_cpus().front();
    observe({.limits = {&few, 1}, .oom_score_adj = 700, .nice = 19, .cpus = {&cpu, 1}},
            [](pid_t) {});
    EXPECT_EQ(limit_of(getpid(), RLIMIT_NOFILE).rlim_max, own.rlim_max);
    EXPECT_EQ(oom_score_adj_of(getpid()), own_adjustment);
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), own_priority);
    EXPECT_EQ(own_limits().cpus, available_cpus());
  });
}

TEST_P(ItsLimits, MayNotBeRaisedWithoutTheRightTo) {
  in_child([&] {
    struct rlimit own = {64, 64};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &own), 0);
    become_nobody();
    const ResourceLimit more[] = {{.resource = RLIMIT_CORE, .soft = 0, .hard = 0},
                                  {.resource = RLIMIT_NOFILE, .soft = 64, .hard = 65}};
    EXPECT_EQ(fail_to_spawn({"true"}, {.limits = more}),
              (SpawnError{SpawnStep::limit, EPERM, RLIMIT_NOFILE}));
  });
}

TEST_P(ItsLimits, AreTakenBeforeItBecomesAnotherUser) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  const ResourceLimit few = {.resource = RLIMIT_NOFILE, .soft = 16, .hard = 17};
  observe({.credentials = &credentials, .limits = {&few, 1}, .oom_score_adj = 300, .nice = -3},
          [](pid_t pid) {
            EXPECT_EQ(descriptors_limit_of_stranger(pid), "16 17");
            EXPECT_EQ(oom_score_adj_of(pid), 300);
            EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(pid)), -3);
          });
}

TEST_P(ItsLimits, OnDescriptorsKeepItFromNothingThatItsStartTakes) {
  in_child([&] {
    // The loader of a dynamic program needs one.
    const ResourceLimit four = {.resource = RLIMIT_NOFILE, .soft = 4, .hard = 4};
    const std::uint32_t cpu = available_cpus().front();
    observe({.limits = {&four, 1}, .oom_score_adj = 500, .nice = 1, .cpus = {&cpu, 1}},
            [](pid_t pid) {
              EXPECT_EQ(limit_of(pid, RLIMIT_NOFILE).rlim_cur, 4U);
              EXPECT_EQ(oom_score_adj_of(pid), 500);
            });
  });
}

TEST_P(ItsLimits, AreSetInAFullTableOfDescriptors) {
  in_child([&] {
    Spawner spawner({}, GetParam());
    const struct rlimit limit = {32, 32};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    int last = -1;
    for (int fd = last; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) last = fd;
    ASSERT_EQ(errno, EMFILE);
    const int kept = GetParam() == SpawnMethod::fork ? 2 : 0;  // for its pipe
    for (int i = 0; i < kept; ++i) close(last - i);
    const testing::StringList argv{"true"};
    const SpawnResult result = spawner.spawn(
        {.argv = argv.span(), .environment = environment_.span(), .oom_score_adj = 500});
    ASSERT_TRUE(std::holds_alternative<std::int32_t>(result));
    await_end(std::get<std::int32_t>(result));
  });
}

TEST_P(ItsLimits, IncludeHowMuchTheKernelPrefersToKillIt) {
  in_child([&] {
    become_nobody();
    observe({.oom_score_adj = 1000}, [](pid_t pid) { EXPECT_EQ(oom_score_adj_of(pid), 1000); });
    EXPECT_EQ(fail_to_spawn({"true"}, {.oom_score_adj = -1000}),
              (SpawnError{SpawnStep::oom_score_adj, EACCES}));
  });
}

TEST_P(ItsLimits, IncludeItsPriority) {
  in_child([&] {
    ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 0), 0) << strerror(errno);
    become_nobody();
    observe({.nice = 7},
            [](pid_t pid) { EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(pid)), 7); });
    const struct rlimit none = {0, 0};
    ASSERT_EQ(setrlimit(RLIMIT_NICE, &none), 0);
    EXPECT_EQ(fail_to_spawn({"true"}, {.nice = -1}), (SpawnError{SpawnStep::nice, EACCES}));
  });
}

TEST_P(ItsLimits, IncludeTheProcessorsThatItMayRunOn) {
  const std::uint32_t last = available_cpus().back();
  observe({.cpus = {&last, 1}}, [&](pid_t pid) {
    cpu_set_t set;
    ASSERT_EQ(sched_getaffinity(pid, sizeof set, &set), 0);
    EXPECT_EQ(CPU_COUNT(&set), 1);
    EXPECT_TRUE(CPU_ISSET(last, &set));
  });
}

TEST_P(ItsLimits, AreNotReachedByProcessorsThatAreNotThere) {
  const std::uint32_t partly[] = {available_cpus().front(), 8000};
  const std::uint32_t wholly[] = {8000};
  EXPECT_EQ(fail_to_spawn({"true"}, {.cpus = partly}), (SpawnError{SpawnStep::cpus, EINVAL}));
  EXPECT_EQ(fail_to_spawn({"true"}, {.cpus = wholly}), (SpawnError{SpawnStep::cpus, EINVAL}));
}

}  // namespace
}  // namespace pid1::system
