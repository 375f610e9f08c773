#include "supervisor/output/asio_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <vector>

#include "supervisor/system/pipe.h"

namespace pid1::output {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class AsioLoopTest : public ::testing::Test {
 protected:
  boost::asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  AsioLoop loop_{context_};
};

struct Counter final : system::Pollee {
  void ready() override { ++times; }
  int times = 0;
};

TEST_F(AsioLoopTest, CallsWhoIsReady) {
  const auto pipe = system::make_pipe(std::size_t{64} << 10);
  Counter counter;
  ASSERT_EQ(loop_.poller().watch(pipe->reading.get(), system::Interest::reading, counter), 0);
  EXPECT_EQ(context_.poll(), 0u);
  ASSERT_EQ(write(pipe->writing.get(), "x", 1), 1);
  while (counter.times == 0) ASSERT_EQ(context_.run_one_for(std::chrono::minutes(1)), 1u);
  loop_.poller().forget(pipe->reading.get(), counter);
}

TEST_F(AsioLoopTest, LetsOthersHaveTheirTurnWhileSomebodyIsAlwaysReady) {
  const auto pipe = system::make_pipe(std::size_t{64} << 10);
  Counter counter;
  ASSERT_EQ(loop_.poller().watch(pipe->reading.get(), system::Interest::reading, counter), 0);
  ASSERT_EQ(write(pipe->writing.get(), "x", 1), 1);
  std::vector<int> seen;
  while (seen.size() < 10) {
    boost::asio::post(context_, [&] { seen.push_back(counter.times); });
    const std::size_t before = seen.size();
    while (seen.size() == before) ASSERT_EQ(context_.run_one_for(std::chrono::minutes(1)), 1u);
    EXPECT_LE(seen.back() - (before > 0 ? seen[before - 1] : 0), 16) << "two turns at the most";
  }
  while (counter.times < 8) ASSERT_EQ(context_.run_one_for(std::chrono::minutes(1)), 1u);
  loop_.poller().forget(pipe->reading.get(), counter);
}

TEST_F(AsioLoopTest, RingsOnceForEachTimeThatAnAlarmIsSet) {
  int rung = 0;
  const auto alarm = loop_.make_alarm([&] { ++rung; });
  alarm->set(hours(1));
  alarm->set(milliseconds(1));
  while (rung == 0) ASSERT_GE(context_.run_one_for(std::chrono::minutes(1)), 1u);
  context_.poll();
  EXPECT_EQ(rung, 1);
  alarm->set(milliseconds(1));
  while (rung == 1) ASSERT_GE(context_.run_one_for(std::chrono::minutes(1)), 1u);
  EXPECT_EQ(rung, 2);
}

TEST_F(AsioLoopTest, RingsNoAlarmThatWasCancelledOrHasGone) {
  const auto never = [] { ADD_FAILURE() << "it rang"; };
  const auto cancelled = loop_.make_alarm(never);
  auto gone = loop_.make_alarm(never);
  bool rung = false;
  const auto last = loop_.make_alarm([&] { rung = true; });
  cancelled->set(milliseconds(0));
  gone->set(milliseconds(0));
  last->set(milliseconds(1));
  cancelled->cancel();
  gone.reset();
  while (!rung) ASSERT_GE(context_.run_one_for(std::chrono::minutes(1)), 1u);
}

TEST_F(AsioLoopTest, LetsAnAlarmSetItselfAnew) {
  int rung = 0;
  std::unique_ptr<Alarm> alarm;
  alarm = loop_.make_alarm([&] {
    if (++rung < 3) alarm->set(milliseconds(0));
  });
  alarm->set(milliseconds(0));
  while (rung < 3) ASSERT_GE(context_.run_one_for(std::chrono::minutes(1)), 1u);
  EXPECT_EQ(context_.poll(), 0u);
}

}  // namespace
}  // namespace pid1::output
