#include "supervisor/timers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TimersTest : public ::testing::Test {
 protected:
  static Time in(std::chrono::milliseconds delay) { return Time::clock::now() + delay; }

  boost::asio::io_context loop;
  std::vector<TimerToken> fired;
  Timers timers{loop, 4, [this](TimerToken token) { fired.push_back(token); }};
};

TEST_F(TimersTest, FireInTheOrderOfTheirDeadlines) {
  timers.arm({0, 1}, in(std::chrono::milliseconds(3)));
  timers.arm({1, 1}, in(std::chrono::milliseconds(1)));
  timers.arm({2, 1}, in(std::chrono::milliseconds(2)));
  loop.run();
  EXPECT_THAT(fired, ElementsAre(TimerToken{1, 1}, TimerToken{2, 1}, TimerToken{0, 1}));
}

TEST_F(TimersTest, LetTheLoopEndWhenAllAreCancelled) {
  timers.arm({0, 1}, in(std::chrono::hours(1)));
  timers.cancel({0, 1});
  loop.run();
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimersTest, ReplaceAnOwnersTimer) {
  timers.arm({0, 1}, in(std::chrono::hours(1)));
  timers.arm({0, 2}, in(std::chrono::milliseconds(1)));
  loop.run();
  EXPECT_THAT(fired, ElementsAre(TimerToken{0, 2}));
}

TEST_F(TimersTest, IgnoreACancelOfAnEarlierArming) {
  timers.arm({0, 1}, in(std::chrono::milliseconds(1)));
  timers.arm({0, 2}, in(std::chrono::milliseconds(1)));
  timers.cancel({0, 1});
  loop.run();
  EXPECT_THAT(fired, ElementsAre(TimerToken{0, 2}));
}

TEST_F(TimersTest, MayBeArmedAndCancelledWhileTheyFire) {
  std::vector<std::uint32_t> order;
  Timers nested{loop, 3, [&](TimerToken token) {
                  order.push_back(token.serial);
                  if (token.serial == 1) {
                    nested.cancel({1, 2});
                    nested.arm({2, 3}, in(std::chrono::milliseconds(0)));
                  }
                }};
  const Time same = in(std::chrono::milliseconds(1));
  nested.arm({0, 1}, same);
  nested.arm({1, 2}, same);
  loop.run();
  EXPECT_THAT(order, ElementsAre(1u, 3u));
}

TEST_F(TimersTest, NeverFireAtTheEndOfTime) {
  timers.arm({0, 1}, Time::max());
  loop.run();
  EXPECT_THAT(fired, IsEmpty());
}

}  // namespace
}  // namespace pid1::supervisor
