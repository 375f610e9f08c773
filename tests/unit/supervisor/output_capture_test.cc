#include "supervisor/output_capture.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "supervisor/system/pipe.h"
#include "tests/unit/supervisor/event_loop.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutputCaptureTest : public ::testing::Test {
 protected:
  void keep_beginning() { capture.keep_beginning(open()); }
  void hand_on_lines() {
    capture.hand_on_lines(open(), [this](std::string_view line) { lines.emplace_back(line); });
  }

  system::UniqueFd open() {
    system::Pipe pipe = system::open_pipe();
    writing = std::move(pipe.writing);
    return std::move(pipe.reading);
  }

  // Handles what is written until all of it is.
  void write(std::string text) {
    ASSERT_EQ(fcntl(writing.get(), F_SETFL, O_NONBLOCK), 0);
    while (!text.empty()) {
      const ssize_t count = ::write(writing.get(), text.data(), text.size());
      if (count > 0) text.erase(0, static_cast<std::size_t>(count));
      if (count < 0) loop.run_one();
    }
  }

  void end() {
    writing.reset();
    loop.run_until([&] { return !capture.is_open(); });
  }

  test::EventLoop loop;
  system::UniqueFd writing;
  std::vector<std::string> lines;
  OutputCapture capture{loop};
};

TEST_F(OutputCaptureTest, KeepsWhatIsWrittenUntilItsEnd) {
  keep_beginning();
  write("all is");
  loop.run_ready();
  EXPECT_EQ(capture.text(), "all is");
  write(" well\n");
  end();
  EXPECT_EQ(capture.text(), "all is well\n");
}

TEST_F(OutputCaptureTest, KeepsTheFirst4096BytesAndReadsTheRest) {
  keep_beginning();
  write(std::string(4000, 'a') + std::string(1'000'000, 'b'));
  end();
  EXPECT_EQ(capture.text(), std::string(4000, 'a') + std::string(96, 'b'));
}

TEST_F(OutputCaptureTest, FinishesThoughSomebodyElseHasThePipeOpen) {
  keep_beginning();
  const std::string text(3000, 'x');
  write(text);
  capture.finish();
  EXPECT_FALSE(capture.is_open());
  EXPECT_EQ(capture.text(), text);
  struct pollfd broken = {.fd = writing.get(), .events = 0, .revents = 0};
  EXPECT_EQ(poll(&broken, 1, 0), 1);
  EXPECT_EQ(broken.revents, POLLERR);
}

TEST_F(OutputCaptureTest, TakesAllOfAFullPipeAtTheEnd) {
  hand_on_lines();
  std::string text;
  for (int i = 0; i < 4096; ++i) text += "fifteen letters\n";
  ASSERT_EQ(::write(writing.get(), text.data(), text.size()), 65536);
  capture.finish();
  EXPECT_EQ(lines.size(), 4096u);
}

TEST_F(OutputCaptureTest, HandsOnWholeLines) {
  hand_on_lines();
  write("one\ntw");
  loop.run_ready();
  EXPECT_THAT(lines, ElementsAre("one"));
  write("o\n\nthree");
  end();
  EXPECT_THAT(lines, ElementsAre("one", "two", "", "three"));
}

TEST_F(OutputCaptureTest, HandsOnAnUnfinishedLineWhenItFinishes) {
  hand_on_lines();
  write("one\ntwo");
  capture.finish();
  EXPECT_THAT(lines, ElementsAre("one", "two"));
  capture.finish();
  EXPECT_THAT(lines, ElementsAre("one", "two"));
}

TEST_F(OutputCaptureTest, HandsOnALongLineInParts) {
  hand_on_lines();
  const std::string part(4096, 'x');
  write(part + part + "y\n" + part + "\nz\n");
  end();
  EXPECT_TRUE(lines == std::vector<std::string>({part, part, "y", part, "z"}));
}

TEST_F(OutputCaptureTest, ReadsNothingMoreOnceItIsClosed) {
  hand_on_lines();
  write("one\n");
  capture.close();
  loop.run_ready();
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(OutputCaptureTest, IsReused) {
  hand_on_lines();
  write("half a line");
  loop.run_ready();
  keep_beginning();
  write("new");
  end();
  EXPECT_EQ(capture.text(), "new");
  hand_on_lines();
  write("line\n");
  end();
  EXPECT_THAT(lines, ElementsAre("line"));
}

}  // namespace
}  // namespace pid1::supervisor
