#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/cgroup_values.h"
#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<CgroupSetting> load_cgroup(const std::string& keys) {
  return load_service("{command: a, " + keys + "}").cgroup;
}

std::string refuse(const std::string& rest) {
  return load_bad("services:\n  web: {command: a, " + rest + "}\n");
}

TEST(Cgroup, HasNoSettingWhereNothingIsWritten) {
  EXPECT_THAT(load_cgroup("type: simple"), IsEmpty());
  EXPECT_THAT(load_cgroup("deploy: {resources: {limits: , reservations: {}}}"), IsEmpty());
}

TEST(Cgroup, HasMemoryInBytes) {
  EXPECT_THAT(
      load_cgroup("mem_limit: 512m, mem_reservation: 1k, memswap_limit: 1g"),
      ElementsAre(CgroupSetting{"memory.max", "536870912"}, CgroupSetting{"memory.low", "1024"},
                  CgroupSetting{"memory.swap.max", "536870912"}));
  EXPECT_THAT(
      load_cgroup("mem_limit: 1k, memswap_limit: 1k"),
      ElementsAre(CgroupSetting{"memory.max", "1024"}, CgroupSetting{"memory.swap.max", "0"}));
}

TEST(Cgroup, HasNoSettingForWhatIsWithoutLimit) {
  EXPECT_THAT(load_cgroup("memswap_limit: -1, pids_limit: -1, cpu_quota: -1"), IsEmpty());
}

TEST(Cgroup, HasProcessorsAsTimeInEachPeriod) {
  EXPECT_THAT(load_cgroup("cpus: 1.5"), ElementsAre(CgroupSetting{"cpu.max", "150000 100000"}));
  EXPECT_THAT(load_cgroup("cpu_quota: 25000"),
              ElementsAre(CgroupSetting{"cpu.max", "25000 100000"}));
  EXPECT_THAT(load_cgroup("cpu_quota: 25000, cpu_period: 50000"),
              ElementsAre(CgroupSetting{"cpu.max", "25000 50000"}));
}

TEST(Cgroup, HasSharesAsAWeight) {
  EXPECT_THAT(load_cgroup("cpu_shares: 1024"), ElementsAre(CgroupSetting{"cpu.weight", "39"}));
  EXPECT_THAT(load_cgroup("cpu_shares: 2"), ElementsAre(CgroupSetting{"cpu.weight", "1"}));
  EXPECT_THAT(load_cgroup("cpu_shares: 262144"), ElementsAre(CgroupSetting{"cpu.weight", "10000"}));
}

TEST(Cgroup, HasProcesses) {
  EXPECT_THAT(load_cgroup("pids_limit: 100"), ElementsAre(CgroupSetting{"pids.max", "100"}));
}

TEST(Cgroup, IsTheSameFromTheLongForm) {
  EXPECT_EQ(load_cgroup("deploy: {resources: {limits: {cpus: \"0.5\", memory: 1g, pids: 5}, "
                        "reservations: {memory: 1m}}}"),
            load_cgroup("cpus: 0.5, mem_limit: 1g, pids_limit: 5, mem_reservation: 1m"));
  load_cgroup("cpus: 0.50, deploy: {resources: {limits: {cpus: 0.5}}}");
}

TEST(Cgroup, IsRefusedWhereBothFormsDiffer) {
  EXPECT_EQ(refuse("mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}"),
            "pid1.yaml:2:66: error: `mem_limit` and `deploy.resources.limits.memory` differ\n"
            "  web: {command: a, mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}}\n"
            "                                                                 ^\n"
            "hint: keep one of them\n");
  EXPECT_THAT(refuse("cpus: 1, deploy: {resources: {limits: {cpus: 2}}}"),
              HasSubstr("`cpus` and `deploy.resources.limits.cpus` differ"));
  EXPECT_THAT(refuse("pids_limit: 1, deploy: {resources: {limits: {pids: 2}}}"),
              HasSubstr("`pids_limit` and `deploy.resources.limits.pids` differ"));
  EXPECT_THAT(refuse("mem_reservation: 1, deploy: {resources: {reservations: {memory: 2}}}"),
              HasSubstr("`mem_reservation` and `deploy.resources.reservations.memory` differ"));
}

TEST(Cgroup, RefusesTwoWaysToSayHowManyProcessors) {
  EXPECT_THAT(refuse("cpus: 1, cpu_quota: 5000"),
              HasSubstr("error: `cpus` says the same in another way"));
  EXPECT_THAT(refuse("cpus: 1, cpu_period: 5000"),
              HasSubstr("error: `cpus` says the same in another way"));
}

TEST(Cgroup, RefusesWhatLetsNothingRun) {
  EXPECT_EQ(refuse("mem_limit: 0"),
            "pid1.yaml:2:32: error: expected a size of more than 0\n"
            "  web: {command: a, mem_limit: 0}\n"
            "                               ^\n"
            "hint: leave it out if there is to be no limit\n");
  EXPECT_THAT(refuse("pids_limit: 0"), HasSubstr("expected at least 1 process"));
  EXPECT_THAT(refuse("cpus: 0"), HasSubstr("expected a number of processors from 0.01"));
  EXPECT_THAT(refuse("cpu_quota: 999"), HasSubstr("expected at least 1000 microseconds"));
  EXPECT_THAT(refuse("cpu_quota: 0"), HasSubstr("expected at least 1000 microseconds"));
  EXPECT_THAT(refuse("cpu_shares: 1"), HasSubstr("expected an integer from 2 to 262144"));
}

TEST(Cgroup, RefusesSwapThatIsLessThanMemory) {
  EXPECT_THAT(refuse("mem_limit: 2g, memswap_limit: 1g"),
              HasSubstr("expected at least what `mem_limit` is"));
  EXPECT_THAT(refuse("memswap_limit: 1g"), HasSubstr("`memswap_limit` needs `mem_limit`"));
  EXPECT_EQ(count(refuse("mem_limit: x, memswap_limit: 1g"), "error: "), 1u);
  load_cgroup("deploy: {resources: {limits: {memory: 1g}}}, memswap_limit: 1g");
}

TEST(Cgroup, RefusesMoreThatIsReservedThanMayBeUsed) {
  EXPECT_THAT(refuse("mem_limit: 1g, mem_reservation: 2g"),
              HasSubstr("pid1.yaml:2:53: error: more memory is reserved than `mem_limit` allows"));
  EXPECT_THAT(refuse("mem_limit: 1, deploy: {resources: {reservations: {memory: 2}}}"),
              HasSubstr("more memory is reserved"));
}

TEST(Cgroup, LeavesWhatIsForAClusterToIt) {
  Loading loading;
  loading.write("pid1.yaml",
                "services: {a: {command: a, deploy: {resources: {reservations: {cpus: 1}}}}}\n");
  EXPECT_TRUE(loading.load());
  EXPECT_THAT(loading.messages(), HasSubstr("warning: `cpus` has no effect here"));
  EXPECT_THAT(refuse("deploy: {resources: {reservations: {devices: []}}}"),
              HasSubstr("`devices` is set on the container"));
}

TEST(Cpus, AreANumberWithUpToFiveDigitsBehindThePoint) {
  const auto quota = [](std::string_view text) {
    return std::get<CpuBandwidth>(parse_cpus(text)).quota;
  };
  EXPECT_EQ(quota("1"), 100'000);
  EXPECT_EQ(quota("0.01"), 1000);
  EXPECT_EQ(quota(".5"), 50'000);
  EXPECT_EQ(quota("2.123456789"), 212'345);
  EXPECT_EQ(quota("100000"), 10'000'000'000);
  for (const char* text : {"", ".", "1.", "-1", "1e3", " 1", "0.009", "100001", "9999999", "0x1"}) {
    EXPECT_TRUE(std::holds_alternative<ScalarError>(parse_cpus(text))) << text;
  }
}

TEST(Cpus, AreWrittenAsTheyAreRead) {
  for (const char* text : {"1", "0.01", "0.5", "2.12345", "100000", "10.1"}) {
    EXPECT_EQ(format_cpus(std::get<CpuBandwidth>(parse_cpus(text))), text);
  }
}

TEST(Shares, OfAWeightHaveThatWeight) {
  for (std::int64_t weight = 1; weight <= 10'000; ++weight) {
    const std::int64_t shares = shares_of_weight(weight);
    ASSERT_EQ(weight_of_shares(shares), weight);
    ASSERT_TRUE(weight == 1 || weight_of_shares(shares - 1) == weight - 1) << weight;
  }
}

}  // namespace
}  // namespace pid1::config
