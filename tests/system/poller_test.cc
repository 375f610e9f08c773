#include "supervisor/system/poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <vector>

#include "supervisor/system/pipe.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

struct Called final : Pollee {
  void ready() override {
    ++times;
    action();
  }
  int times = 0;
  std::function<void()> action = [] {};
};

class PollerTest : public ::testing::Test {
 protected:
  Pipe pipe_ = std::move(*make_pipe(std::size_t{64} << 10));
  Poller poller_;
  Called called_;

  void say() const { ASSERT_EQ(write(pipe_.writing.get(), "x", 1), 1); }
  int watch(Interest interest) { return poller_.watch(pipe_.reading.get(), interest, called_); }
};

TEST_F(PollerTest, CallsAgainAsLongAsSomethingIsThere) {
  EXPECT_EQ(watch(Interest::reading), 0);
  EXPECT_EQ(poller_.serve(8), 0u);
  say();
  EXPECT_EQ(poller_.serve(1), 1u);
  EXPECT_EQ(poller_.serve(1), 1u);
  EXPECT_EQ(called_.times, 2);
}

TEST_F(PollerTest, CallsNobodyWhoWantsNothing) {
  watch(Interest::reading);
  watch(Interest::nothing);
  say();
  EXPECT_EQ(poller_.serve(8), 0u);
  watch(Interest::reading);
  EXPECT_EQ(poller_.serve(1), 1u);
}

TEST_F(PollerTest, DoesNotSpinOnAHangUpThatNobodyWants) {
  watch(Interest::nothing);
  pipe_.writing.reset();
  EXPECT_LE(poller_.serve(8), 1u);
  EXPECT_EQ(poller_.serve(8), 0u);
}

TEST_F(PollerTest, CallsNobodyWhoWasForgottenMeanwhile) {
  Pipe other = std::move(*make_pipe(std::size_t{64} << 10));
  auto gone = std::make_unique<Called>();
  watch(Interest::reading);
  poller_.watch(other.reading.get(), Interest::reading, *gone);
  say();
  ASSERT_EQ(write(other.writing.get(), "x", 1), 1);
  const auto forget = [&](int fd, const Pollee& pollee) { poller_.forget(fd, pollee); };
  int calls = 0;
  called_.action = [&] {
    ++calls;
    forget(other.reading.get(), *gone);
    gone.reset();
  };
  gone->action = [&] {
    ++calls;
    forget(pipe_.reading.get(), called_);
  };
  poller_.serve(2);
  EXPECT_EQ(calls, 1) << "each forgets the other";
}

TEST_F(PollerTest, RefusesFiles) {
  const testing::TemporaryDirectory folder;
  testing::write_file(folder / "file", "x");
  const UniqueFd file(open((folder / "file").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(poller_.watch(file.get(), Interest::reading, called_), EPERM);
}

}  // namespace
}  // namespace pid1::system
