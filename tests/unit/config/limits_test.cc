#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "config/resource_names.h"
#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

std::string refuse(const std::string& rest) {
  return load_bad("services:\n  web: {command: a, " + rest + "}\n");
}

std::vector<ResourceLimit> load_limits(const std::string& limits) {
  return load_service("{command: a, ulimits: {" + limits + "}}").process.limits;
}

TEST(Ulimits, AreANumberOrASoftAndAHardOne) {
  EXPECT_THAT(load_limits("nofile: {soft: 1024, hard: 4096}, core: 0"),
              ElementsAre(ResourceLimit{LimitedResource::core, 0, 0},
                          ResourceLimit{LimitedResource::nofile, 1024, 4096}));
}

TEST(Ulimits, AreUnlimitedBelowZero) {
  EXPECT_THAT(load_limits("as: -1, stack: {soft: 8388608, hard: -1}"),
              ElementsAre(ResourceLimit{LimitedResource::address_space, kUnlimited, kUnlimited},
                          ResourceLimit{LimitedResource::stack, 8388608, kUnlimited}));
}

TEST(Ulimits, AreThereForEachResource) {
  ASSERT_EQ(resource_names().size(), 16u);
  for (const auto& [name, resource] : resource_names()) {
    EXPECT_THAT(load_limits(std::string(name) + ": 7"), ElementsAre(ResourceLimit{resource, 7, 7}));
  }
}

TEST(Ulimits, AreRefusedWhereSoftIsMoreThanHard) {
  EXPECT_EQ(refuse("ulimits: {nofile: {soft: 5, hard: 4}}"),
            "pid1.yaml:2:46: error: `soft` is more than `hard`\n"
            "  web: {command: a, ulimits: {nofile: {soft: 5, hard: 4}}}\n"
            "                                             ^\n"
            "hint: raise `hard`, or lower `soft`\n");
  EXPECT_THAT(refuse("ulimits: {nofile: {soft: -1, hard: 4}}"), HasSubstr("more than `hard`"));
}

TEST(Ulimits, NeedBothBounds) {
  EXPECT_THAT(refuse("ulimits: {core: {soft: 5}}"), HasSubstr("a limit needs the key `hard`"));
  EXPECT_THAT(refuse("ulimits: {core: {hard: 5}}"), HasSubstr("a limit needs the key `soft`"));
  EXPECT_EQ(count(refuse("ulimits: {core: {sofd: 5, hard: 5}}"), "error: "), 1u);
}

TEST(Ulimits, RefuseWhatIsNoLimit) {
  EXPECT_THAT(refuse("ulimits: {core: -2}"), HasSubstr("expected an integer of at least -1"));
  EXPECT_THAT(refuse("ulimits: {nofiles: 3}"), HasSubstr("did you mean `nofile`?"));
}

TEST(OomScoreAdj, IsFromMinus1000To1000) {
  EXPECT_EQ(load_service("{command: a, oom_score_adj: -1000}").process.oom_score_adj, -1000);
  EXPECT_EQ(load_service("{command: a, oom_score_adj: 0}").process.oom_score_adj, 0);
  EXPECT_EQ(load_service("{command: a}").process.oom_score_adj, std::nullopt);
  EXPECT_THAT(refuse("oom_score_adj: 1001"), HasSubstr("from -1000 to 1000"));
}

TEST(Nice, IsFromMinus20To19) {
  EXPECT_EQ(load_service("{command: a, nice: 19}").process.nice, 19);
  EXPECT_EQ(load_service("{command: a}").process.nice, std::nullopt);
  EXPECT_THAT(refuse("nice: 20"), HasSubstr("from -20 to 19"));
}

TEST(Cpuset, IsAListOfProcessors) {
  EXPECT_THAT(load_service("{command: a, cpuset: \"6,0-3,2\"}").process.cpus,
              ElementsAre(0, 1, 2, 3, 6));
  EXPECT_THAT(load_service("{command: a, cpuset: 1}").process.cpus, ElementsAre(1));
  EXPECT_THAT(refuse("cpuset: \"0-1024\""),
              HasSubstr("pid1.yaml:2:29: error: expected processors from 0 to 1023"));
}

TEST(Input, IsNothingUnlessItIsOwned) {
  EXPECT_EQ(load_service("{command: a}").input, Input::nothing);
  EXPECT_EQ(load_service("{command: a, stdin_open: false, tty: false}").input, Input::nothing);
  EXPECT_EQ(load_service("{command: a, stdin_open: true}").input, Input::own);
  EXPECT_EQ(load_service("{command: a, tty: true}").input, Input::terminal);
  EXPECT_EQ(load_service("{command: a, tty: true, stdin_open: true}").input, Input::terminal);
}

TEST(Input, HasOneOwner) {
  EXPECT_EQ(load_bad("services:\n"
                     "  web: {command: a, stdin_open: true}\n"
                     "  api: {command: a, tty: true}\n"),
            "pid1.yaml:3:21: error: both `web` and `api` read standard input\n"
            "  api: {command: a, tty: true}\n"
            "                    ^\n"
            "hint: take it out of one of them\n");
  EXPECT_EQ(load_bad("services:\n  web: {command: a, scale: 2, stdin_open: true}\n"),
            "pid1.yaml:2:31: error: the replicas of `web` can't all read standard input\n"
            "  web: {command: a, scale: 2, stdin_open: true}\n"
            "                              ^\n"
            "hint: give it a `scale` of 1, or take this out\n");
}

TEST(Input, MayBeAskedForByServicesThatAreOff) {
  load_good(
      "services:\n"
      "  web: {command: a, stdin_open: true, scale: 1}\n"
      "  off: {command: a, stdin_open: true, profiles: [never]}\n"
      "  none: {command: a, tty: true, scale: 0}\n");
}

}  // namespace
}  // namespace pid1::config
