#include "supervisor/system/limits.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

TEST(Limits, HaveTheNamesOfUlimits) {
  EXPECT_EQ(limit_name(RLIMIT_CPU), "cpu");
  EXPECT_EQ(limit_name(RLIMIT_FSIZE), "fsize");
  EXPECT_EQ(limit_name(RLIMIT_DATA), "data");
  EXPECT_EQ(limit_name(RLIMIT_STACK), "stack");
  EXPECT_EQ(limit_name(RLIMIT_CORE), "core");
  EXPECT_EQ(limit_name(RLIMIT_RSS), "rss");
  EXPECT_EQ(limit_name(RLIMIT_NPROC), "nproc");
  EXPECT_EQ(limit_name(RLIMIT_NOFILE), "nofile");
  EXPECT_EQ(limit_name(RLIMIT_MEMLOCK), "memlock");
  EXPECT_EQ(limit_name(RLIMIT_AS), "as");
  EXPECT_EQ(limit_name(RLIMIT_LOCKS), "locks");
  EXPECT_EQ(limit_name(RLIMIT_SIGPENDING), "sigpending");
  EXPECT_EQ(limit_name(RLIMIT_MSGQUEUE), "msgqueue");
  EXPECT_EQ(limit_name(RLIMIT_NICE), "nice");
  EXPECT_EQ(limit_name(RLIMIT_RTPRIO), "rtprio");
  EXPECT_EQ(limit_name(RLIMIT_RTTIME), "rttime");
  EXPECT_EQ(limit_name(99), "limit 99");
}

TEST(Limits, AreWordsWhereThereIsNone) {
  EXPECT_EQ(limit_text(RLIM_INFINITY), "unlimited");
  EXPECT_EQ(limit_text(65536), "65536");
}

TEST(Limits, OfThisProcessAreThoseOfTheKernel) {
  testing::in_child([] {
    const struct rlimit few = {100, 200};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    ASSERT_EQ(setpriority(PRIO_PROCESS, 0, 3), 0);
    const OwnLimits own = own_limits();
    EXPECT_EQ(own.limits.at(RLIMIT_NOFILE).soft, 100U);
    EXPECT_EQ(own.limits.at(RLIMIT_NOFILE).hard, 200U);
    EXPECT_EQ(own.nice, 3);
    EXPECT_GE(own.most_descriptors, 1024U);
  });
}

TEST(Processors, AreAllThatTheContainerHasAndNotOnlyThoseThatPid1RunsOn) {
  testing::in_child([] {
    const auto before = available_cpus();
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(before.back(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(available_cpus(), before);
    cpu_set_t after;
    ASSERT_EQ(sched_getaffinity(0, sizeof after, &after), 0);
    EXPECT_TRUE(CPU_EQUAL(&one, &after)) << "asked for all of them for an instant only";
  });
}

bool write_score(int score) {
  std::ofstream file("/proc/self/oom_score_adj");
  file << score;
  return static_cast<bool>(file.flush());
}

int own_score() {
  int score = 0;
  std::ifstream("/proc/self/oom_score_adj") >> score;
  return score;
}

TEST(OomScoreAdj, MayGoDownToWhatWasSetBefore) {
  testing::in_child([] {
    const int before = own_score();
    __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    ASSERT_EQ(syscall(SYS_capset, &header, none), 0);
    const int raised = std::min(before + 200, 1000);
    ASSERT_TRUE(write_score(raised));
    const int least = least_oom_score_adj();
    EXPECT_EQ(own_score(), raised) << "tried out for an instant only";
    EXPECT_LE(least, before);
    EXPECT_TRUE(write_score(least));
    EXPECT_TRUE(least == -1000 || !write_score(least - 1));
  });
}

TEST(Processors, AreWrittenAsRanges) {
  EXPECT_EQ(number_ranges({}), "none");
  EXPECT_EQ(number_ranges(std::array{5U}), "5");
  EXPECT_EQ(number_ranges(std::array{0U, 1U, 2U, 3U, 8U, 10U, 11U}), "0-3, 8, 10-11");
}

}  // namespace
}  // namespace pid1::system
