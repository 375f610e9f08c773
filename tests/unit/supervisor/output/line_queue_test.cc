#include "supervisor/output/line_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pid1::output {
namespace {

TEST(LineQueue, GivesBackWhatWasPushedInItsOrder) {
  LineQueue queue;
  queue.push("one\n");
  queue.push("two\n");
  EXPECT_EQ(queue.front(), "one\ntwo\n");
  queue.consume(4);
  EXPECT_EQ(queue.front(), "two\n");
  queue.consume(4);
  EXPECT_TRUE(queue.empty());
}

TEST(LineQueue, DropsTheOldestWholeLinesAndCountsThem) {
  LineQueue queue;
  queue.push("one\ntwo\nthree\n");
  EXPECT_EQ(queue.drop_to(9), 2u);
  EXPECT_EQ(queue.front(), "three\n");
  EXPECT_EQ(queue.drop_to(9), 0u);
}

TEST(LineQueue, NeverDropsTheRestOfALineThatHasBegunToGo) {
  LineQueue queue;
  queue.push("one\ntwo\nthree\n");
  queue.consume(1);
  EXPECT_EQ(queue.drop_to(9), 1u);
  EXPECT_EQ(queue.front(), "ne\nthree\n");
  EXPECT_EQ(queue.drop_to(0), 1u);
  EXPECT_EQ(queue.front(), "ne\n");
  EXPECT_EQ(queue.drop_to(0), 0u);
}

TEST(LineQueue, TakesALineThatComesInPartsForOne) {
  LineQueue queue;
  queue.push("lo");
  queue.consume(2);
  queue.push("ng\nnext\n");
  EXPECT_EQ(queue.drop_to(0), 1u);
  EXPECT_EQ(queue.front(), "ng\n");
}

TEST(LineQueue, CountsALastLineWithoutANewline) {
  LineQueue queue;
  queue.push("one\ntwo");
  EXPECT_EQ(queue.drop_to(0), 2u);
  EXPECT_TRUE(queue.empty());
}

RC_GTEST_PROP(LineQueue, LosesOnlyWholeLinesAndKnowsHowMany, ()) {
  LineQueue queue;
  std::string arrived;
  std::uint64_t pushed = 0;
  std::uint64_t dropped = 0;
  const auto go = [&](std::size_t count) {
    arrived += queue.front().substr(0, count);
    queue.consume(std::min(count, queue.size()));
  };
  const int steps = *rc::gen::inRange(0, 300);
  for (int i = 0; i < steps; ++i) {
    const auto number = static_cast<std::size_t>(*rc::gen::inRange(0, 60));
    switch (*rc::gen::inRange(0, 3)) {
      case 0: queue.push(std::to_string(pushed++) + std::string(number, '.') + "\n"); break;
      case 1: go(number); break;
      default: dropped += queue.drop_to(number); break;
    }
  }
  go(queue.size());
  std::uint64_t lines = 0;
  std::uint64_t last = 0;
  for (std::size_t at = 0; at < arrived.size(); ++lines) {
    const std::size_t newline = arrived.find('\n', at);
    const std::uint64_t number = std::stoull(arrived.substr(at));
    const std::size_t dots = arrived.find_first_not_of("0123456789", at);
    RC_ASSERT(arrived.find_first_not_of('.', dots) == newline);
    RC_ASSERT(lines == 0 || number > last);
    last = number;
    at = newline + 1;
  }
  RC_ASSERT(lines + dropped == pushed);
}

}  // namespace
}  // namespace pid1::output
