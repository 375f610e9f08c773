#include "supervisor/process_table.h"

#include <gtest/gtest.h>

namespace pid1::supervisor {
namespace {

constexpr ServiceId kWeb{0};
constexpr Generation kFirst{1};
constexpr Generation kSecond{2};

TEST(ProcessTable, KnowsAServiceByItsProcessAndTheOtherWayRound) {
  ProcessTable table{1};
  table.add(42, {kWeb, kFirst});
  EXPECT_EQ(table.process_of(kWeb, kFirst), 42);
  const auto owner = table.remove(42);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->service, kWeb);
  EXPECT_EQ(owner->generation, kFirst);
}

TEST(ProcessTable, DoesNotSignalAProcessThatWasReaped) {
  ProcessTable table{1};
  table.add(42, {kWeb, kFirst});
  table.remove(42);
  EXPECT_EQ(table.process_of(kWeb, kFirst), 0);
  EXPECT_EQ(table.group_of(kWeb, kFirst), 42) << "its group may have members left";
}

TEST(ProcessTable, TellsIncarnationsApart) {
  ProcessTable table{1};
  table.add(42, {kWeb, kFirst});
  table.remove(42);
  table.add(43, {kWeb, kSecond});
  EXPECT_EQ(table.process_of(kWeb, kFirst), 0);
  EXPECT_EQ(table.group_of(kWeb, kFirst), 0);
  EXPECT_EQ(table.process_of(kWeb, kSecond), 43);
}

TEST(ProcessTable, TakesAnUnknownProcessForAnOrphan) {
  ProcessTable table{1};
  EXPECT_FALSE(table.remove(7));
}

}  // namespace
}  // namespace pid1::supervisor
