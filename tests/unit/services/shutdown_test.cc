#include "services/shutdown.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace pid1 {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kNow{seconds(1000)};

TEST(Deadlines, KeepATenthOfTheBudgetForTheSweepAndASecondAtTheMost) {
  EXPECT_EQ(deadlines_from(kNow, seconds(5)).services, kNow + milliseconds(4500));
  EXPECT_EQ(deadlines_from(kNow, seconds(60)).services, kNow + seconds(59));
  EXPECT_EQ(deadlines_from(kNow, seconds(60)).end, kNow + seconds(60));
}

TEST(Deadlines, DoNotOverflowWithAnEndlessBudget) {
  EXPECT_EQ(deadlines_from(kNow, Duration::max()).end, Time::max());
}

TEST(SharedGrace, IsTheServicesOwnWhereAllFit) {
  EXPECT_EQ(shared_grace(seconds(2), seconds(6), seconds(6)), seconds(2));
}

TEST(SharedGrace, ShrinksAllOfAChainAlike) {
  EXPECT_EQ(shared_grace(seconds(2), seconds(8), seconds(4)), seconds(1));
}

TEST(SharedGrace, IsNothingWhenNothingIsLeft) {
  EXPECT_EQ(shared_grace(seconds(2), seconds(8), Duration::zero()), Duration::zero());
  EXPECT_EQ(shared_grace(seconds(2), seconds(8), -seconds(1)), Duration::zero());
}

// Each service of a chain, one after the other, uses up all that it gets.
RC_GTEST_PROP(SharedGrace, LeavesEachServiceOfAnyChainItsShareWithinTheBudget, ()) {
  const auto graces = *rc::gen::nonEmpty<std::vector<std::uint32_t>>();
  const Duration budget{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000)};
  Duration path{};
  for (const std::uint32_t grace : graces) path += milliseconds(grace);
  Duration remaining = budget;
  const bool fits = path <= budget;
  const double share = static_cast<double>(budget.count()) / static_cast<double>(path.count());
  for (const std::uint32_t grace : graces) {
    const Duration own = milliseconds(grace);
    const Duration shared = shared_grace(own, path, remaining);
    RC_ASSERT(shared <= own);
    RC_ASSERT(shared <= remaining);
    if (fits) RC_ASSERT(shared == own);
    // The same share for all, but for what rounding takes.
    if (!fits) {
      RC_ASSERT(std::abs(static_cast<double>(shared.count()) -
                         static_cast<double>(own.count()) * share) <=
                1e-6 * static_cast<double>(own.count()) + 1000.0);
    }
    remaining -= shared;
    path -= own;
  }
  RC_ASSERT(remaining >= Duration::zero());
}

TEST(Later, StopsAtTheEndOfTime) {
  EXPECT_EQ(later(kNow, seconds(1)), kNow + seconds(1));
  EXPECT_EQ(later(kNow, Duration::max()), Time::max());
}

TEST(Budget, ThatIsWantedForAPathIsTheLeastThatLeavesAllOfIt) {
  for (const auto path : {milliseconds(1), milliseconds(850), milliseconds(8499),
                          milliseconds(8500), milliseconds(60'000)}) {
    const Duration budget = budget_for(path);
    EXPECT_GE(deadlines_from(kNow, budget).graces, kNow + path) << path.count();
    EXPECT_LT(deadlines_from(kNow, budget - milliseconds(1)).graces, kNow + path) << path.count();
  }
  EXPECT_EQ(budget_for(seconds(20)), milliseconds(21'500));
  EXPECT_EQ(budget_for(Duration::max()), Duration::max());
}

}  // namespace
}  // namespace pid1
