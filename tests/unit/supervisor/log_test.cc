#include "supervisor/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pid1::supervisor {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A reader that takes so many bytes and then no more.
struct Pipe {
  std::string text;
  std::size_t room = ~std::size_t{0};
};

class PipeOutput final : public LogOutput {
 public:
  explicit PipeOutput(Pipe& pipe) : pipe_(pipe) {}
  std::size_t write(std::string_view bytes) override {
    const std::size_t taken = std::min(bytes.size(), pipe_.room);
    pipe_.text += bytes.substr(0, taken);
    pipe_.room -= taken;
    return taken;
  }

 private:
  Pipe& pipe_;
};

class LogTest : public ::testing::Test {
 protected:
  Pipe pipe;
  Log log{std::make_unique<PipeOutput>(pipe), LogLevel::warning};
};

TEST_F(LogTest, WritesOneMarkedLineForEachMessage) {
  log.write(LogLevel::error, "web: gone");
  EXPECT_EQ(pipe.text, "pid1: web: gone\n");
}

TEST_F(LogTest, KeepsQuietBelowItsLevel) {
  log.write(LogLevel::info, "web: started");
  log.always("stopped");
  EXPECT_EQ(pipe.text, "pid1: stopped\n");
}

TEST_F(LogTest, LetsNoMessageForgeALineOrMoveTheCursor) {
  log.write(LogLevel::error, "bad\npid1: forged\x1b[2J");
  EXPECT_EQ(std::ranges::count(pipe.text, '\n'), 1);
  EXPECT_EQ(pipe.text.find('\x1b'), std::string::npos);
}

TEST_F(LogTest, TakesBracesInAMessageAsTheyAre) {
  log.write(LogLevel::error, "{} {0} %v");
  EXPECT_EQ(pipe.text, "pid1: {} {0} %v\n");
}

TEST_F(LogTest, FinishesALineThatWasCutByAFullPipeBeforeTheNext) {
  pipe.room = 7;
  log.write(LogLevel::error, "first");
  log.write(LogLevel::error, "second");
  EXPECT_TRUE(log.pending());
  pipe.room = 1000;
  log.flush();
  EXPECT_FALSE(log.pending());
  EXPECT_EQ(pipe.text, "pid1: first\npid1: second\n");
}

TEST_F(LogTest, CountsWhatABlockedReaderMissedAndKeepsWhatCameFirst) {
  pipe.room = 0;
  const std::string line(1000, 'x');
  log.write(LogLevel::error, "the cause");
  for (int i = 0; i < 100; ++i) log.write(LogLevel::error, line);
  pipe.room = 1'000'000;
  log.flush();
  EXPECT_THAT(pipe.text, StartsWith("pid1: the cause\n"));
  EXPECT_THAT(pipe.text, HasSubstr("lines of pid1's own were lost here"));
  EXPECT_LT(pipe.text.size(), 70'000u);
  log.write(LogLevel::error, "after");
  EXPECT_THAT(pipe.text, ::testing::EndsWith("pid1: after\n"));
}

}  // namespace
}  // namespace pid1::supervisor
