#include "supervisor/ready_fd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "supervisor/system/pipe.h"
#include "tests/unit/supervisor/event_loop.h"

namespace pid1::supervisor {
namespace {

using Outcome = ReadyFd::Outcome;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReadyFdTest : public ::testing::Test {
 protected:
  // A new pipe, of which the test keeps the service's end.
  void watch() {
    system::Pipe pipe = system::open_pipe();
    writing = std::move(pipe.writing);
    ready.watch(std::move(pipe.reading), [this](Outcome outcome) { told.push_back(outcome); });
  }

  void write(std::string_view text) {
    EXPECT_EQ(::write(writing.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  void await_told() {
    loop.run_until([&] { return !told.empty(); });
  }

  test::EventLoop loop;
  std::vector<Outcome> told;
  system::UniqueFd writing;
  ReadyFd ready{loop};
};

TEST_F(ReadyFdTest, IsReadyAtTheFirstNewline) {
  watch();
  write("\n");
  await_told();
  EXPECT_THAT(told, ElementsAre(Outcome::ready));
  EXPECT_FALSE(ready.is_watching());
}

TEST_F(ReadyFdTest, WaitsForTheNewlineWhateverComesBefore) {
  watch();
  write("not");
  loop.run_ready();
  EXPECT_THAT(told, IsEmpty());
  EXPECT_TRUE(ready.is_watching());
  write(" yet\nand more");
  await_told();
  EXPECT_THAT(told, ElementsAre(Outcome::ready));
}

TEST_F(ReadyFdTest, IsClosedWhereNoNewlineCameBeforeTheEnd) {
  watch();
  write("not yet");
  writing.reset();
  await_told();
  EXPECT_THAT(told, ElementsAre(Outcome::closed));
  EXPECT_FALSE(ready.is_watching());
}

TEST_F(ReadyFdTest, IsReadyThoughTheWriterHasGone) {
  watch();
  write("\n");
  writing.reset();
  await_told();
  loop.run_ready();
  EXPECT_THAT(told, ElementsAre(Outcome::ready));
}

TEST_F(ReadyFdTest, TellsNothingOnceItIsClosed) {
  watch();
  write("\n");
  ready.close();
  loop.run_ready();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(ReadyFdTest, TellsNothingOnceItIsClosedThoughItsTurnHadCome) {
  // The loop finds both ready at once, and whichever it takes first closes the other.
  ReadyFd other{loop};
  system::Pipe one = system::open_pipe();
  system::Pipe two = system::open_pipe();
  int calls = 0;
  const auto close_both = [&](Outcome) {
    ++calls;
    ready.close();
    other.close();
  };
  ready.watch(std::move(one.reading), close_both);
  other.watch(std::move(two.reading), close_both);
  one.writing.reset();
  two.writing.reset();
  loop.run_until([&] { return calls > 0; });
  loop.run_ready();
  EXPECT_EQ(calls, 1);
}

TEST_F(ReadyFdTest, IsReusedForTheNextIncarnation) {
  watch();
  write("\n");
  watch();
  loop.run_ready();
  EXPECT_THAT(told, IsEmpty());
  writing.reset();
  await_told();
  EXPECT_THAT(told, ElementsAre(Outcome::closed));
}

TEST_F(ReadyFdTest, MayBeDestroyedByItsCallback) {
  system::Pipe pipe = system::open_pipe();
  auto own = std::make_unique<ReadyFd>(loop);
  own->watch(std::move(pipe.reading), [&](Outcome) { own.reset(); });
  pipe.writing.reset();
  loop.run_until([&] { return own == nullptr; });
  loop.run_ready();
}

TEST_F(ReadyFdTest, LeavesOthersTheirTurnsHoweverMuchIsWritten) {
  watch();
  const pid_t writer = fork();
  if (writer == 0) {
    const std::vector<char> much(65536);
    for (;;) {
      if (::write(writing.get(), much.data(), much.size()) < 0) _exit(0);
    }
  }
  // A loop that reads until nothing is left would never come to these.
  int turns = 0;
  std::function<void()> take_turn = [&] {
    if (++turns < 1000) boost::asio::post(loop, take_turn);
  };
  boost::asio::post(loop, take_turn);
  loop.run_until([&] { return turns == 1000; });
  EXPECT_THAT(told, IsEmpty());
  kill(writer, SIGKILL);
  EXPECT_EQ(waitpid(writer, nullptr, 0), writer);
}

}  // namespace
}  // namespace pid1::supervisor
