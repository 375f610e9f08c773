#include "services/restart_history.h"

#include <gtest/gtest.h>

namespace pid1 {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kShort = milliseconds(1);
constexpr std::uint64_t kNoJitter = 0;
constexpr std::uint64_t kMostJitter = 1023;

class RestartHistoryTest : public ::testing::Test {
 protected:
  // The delay of the next restart after a run of `uptime`, `later` after the one before.
  Duration delay(Duration uptime, Duration later = Duration::zero(),
                 std::uint64_t noise = kNoJitter) {
    now += later;
    const auto attempt = history.next(policy, uptime, now, noise);
    EXPECT_TRUE(attempt);
    return attempt ? attempt->delay : Duration::min();
  }

  RestartPolicy policy;
  RestartHistory history;
  Time now{hours(1)};
};

TEST_F(RestartHistoryTest, DoublesTheDelayUpToTheLongest) {
  policy = {.max_attempts = 0, .delay = milliseconds(100), .max_delay = milliseconds(500)};
  EXPECT_EQ(delay(kShort), milliseconds(100));
  EXPECT_EQ(delay(kShort), milliseconds(200));
  EXPECT_EQ(delay(kShort), milliseconds(400));
  EXPECT_EQ(delay(kShort), milliseconds(500));
  EXPECT_EQ(delay(kShort), milliseconds(500));
}

TEST_F(RestartHistoryTest, RestartsAtOnceAfterARunOfASecond) {
  policy.max_attempts = 0;
  EXPECT_EQ(delay(seconds(1)), Duration::zero());
  EXPECT_EQ(delay(seconds(1) - Duration(1)), milliseconds(100));
}

TEST_F(RestartHistoryTest, GoesBackToTheFirstDelayAfterARunOfTenSecondsOnly) {
  policy.max_attempts = 0;
  delay(kShort);
  delay(kShort);
  EXPECT_EQ(delay(seconds(9)), Duration::zero());
  EXPECT_EQ(delay(kShort), milliseconds(400));
  EXPECT_EQ(delay(seconds(10)), Duration::zero());
  EXPECT_EQ(delay(kShort), milliseconds(100));
}

TEST_F(RestartHistoryTest, AddsUpToAFifthAndNeverTakesAway) {
  policy = {.max_attempts = 0, .delay = seconds(10), .max_delay = seconds(10)};
  for (std::uint64_t noise = 0; noise < 3000; ++noise) {
    EXPECT_EQ(delay(kShort, {}, noise), seconds(10)) << "the longest delay is the limit";
  }
  policy.max_delay = hours(1);
  history.clear();
  const Duration most = delay(kShort, {}, kMostJitter);
  EXPECT_GT(most, seconds(11));
  EXPECT_LE(most, seconds(12));
}

TEST_F(RestartHistoryTest, GivesUpBeyondTheAttemptsWithinTheWindow) {
  policy = {.max_attempts = 2, .delay = Duration::zero(), .window = minutes(1)};
  EXPECT_EQ(history.next(policy, kShort, now, kNoJitter)->number, 1u);
  EXPECT_EQ(history.next(policy, kShort, now + seconds(59), kNoJitter)->number, 2u);
  EXPECT_FALSE(history.next(policy, kShort, now + seconds(59), kNoJitter));
}

TEST_F(RestartHistoryTest, ForgetsAnAttemptWhenTheWindowHasPassed) {
  policy = {.max_attempts = 2, .delay = Duration::zero(), .window = minutes(1)};
  history.next(policy, kShort, now, kNoJitter);
  history.next(policy, kShort, now + seconds(30), kNoJitter);
  EXPECT_FALSE(history.next(policy, kShort, now + seconds(59), kNoJitter));
  EXPECT_TRUE(history.next(policy, kShort, now + seconds(60), kNoJitter));
  EXPECT_FALSE(history.next(policy, kShort, now + seconds(89), kNoJitter));
}

TEST_F(RestartHistoryTest, ReachesAnyLimitHoweverLongItsPausesAre) {
  policy = {.max_attempts = 20, .window = minutes(1)};
  for (std::uint32_t number = 1; number <= 20; ++number) {
    const auto attempt = history.next(policy, kShort, now, kMostJitter);
    ASSERT_TRUE(attempt);
    EXPECT_EQ(attempt->number, number);
    now += attempt->delay + kShort;
  }
  EXPECT_FALSE(history.next(policy, kShort, now, kNoJitter));
}

TEST_F(RestartHistoryTest, KeepsNothingWhereNobodyCounts) {
  policy.max_attempts = 0;
  for (int i = 0; i < 10'000; ++i) delay(kShort);
  EXPECT_TRUE(history.restarts().empty());
  EXPECT_LT(history.doublings(), 64u);
}

TEST_F(RestartHistoryTest, TakesADelayOfNothingAtItsWord) {
  policy = {.max_attempts = 0, .delay = Duration::zero(), .max_delay = minutes(1)};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(delay(kShort), Duration::zero());
}

TEST_F(RestartHistoryTest, DoesNotOverflowWithTheLongestDelays) {
  policy = {.max_attempts = 0, .delay = Duration::max() / 3, .max_delay = Duration::max()};
  for (int i = 0; i < 10; ++i) EXPECT_GT(delay(kShort, {}, kMostJitter), Duration::zero());
  EXPECT_EQ(delay(kShort, {}, kMostJitter), Duration::max());
}

TEST(ResourceRetry, StartsAtFiftyMillisecondsAndStaysWithinTwoSeconds) {
  EXPECT_EQ(resource_retry_delay(0, kNoJitter), milliseconds(50));
  EXPECT_EQ(resource_retry_delay(1, kNoJitter), milliseconds(100));
  for (std::uint32_t tries = 0; tries < 100; ++tries) {
    EXPECT_GE(resource_retry_delay(tries, kMostJitter), milliseconds(50));
    EXPECT_LE(resource_retry_delay(tries, kMostJitter), seconds(2));
  }
}

TEST(Noise, DependsOnTheSeedAndOnThePurpose) {
  EXPECT_EQ(noise_from(1, 2), noise_from(1, 2));
  EXPECT_NE(noise_from(1, 2), noise_from(2, 2));
  EXPECT_NE(noise_from(1, 2), noise_from(1, 3));
}

}  // namespace
}  // namespace pid1
