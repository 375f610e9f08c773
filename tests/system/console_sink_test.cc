#include "supervisor/output/console_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "supervisor/system/unique_fd.h"
#include "tests/system/manual_loop.h"
#include "tests/system/pty.h"
#include "tests/system/support.h"

namespace pid1::output {
namespace {

using system::UniqueFd;
using system::testing::TemporaryDirectory;
using testing::ManualLoop;
using testing::note_loss;

struct Ends {
  UniqueFd reading;
  UniqueFd writing;
};

Ends make_pipe() {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Ends make_socket() {
  int ends[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Which passes on what is written to it as it is.
Ends make_terminal() {
  const system::testing::Pty pty;
  return {UniqueFd(fcntl(pty.master(), F_DUPFD_CLOEXEC, 3)), pty.open_slave()};
}

constexpr std::size_t kLimit = 1000;

class Console : public ::testing::TestWithParam<Ends (*)()> {
 protected:
  // If anything blocks, this ends the test and not the patience of who runs it.
  void SetUp() override {
    alarm(120);
    signal(SIGPIPE, SIG_IGN);
  }
  void TearDown() override { alarm(0); }

  void write(std::string_view text) { sink_.write(1, std::array{text}); }

  // Reads what is there, and lets the loop go on, until so many bytes have come.
  void read(std::size_t bytes) {
    ASSERT_TRUE(loop_.serve_until([&] {
      char buffer[4096];
      struct pollfd some = {.fd = ends_.reading.get(), .events = POLLIN, .revents = 0};
      while (poll(&some, 1, 0) == 1) {
        const ssize_t count = ::read(ends_.reading.get(), buffer, sizeof buffer);
        if (count <= 0) break;
        arrived_.append(buffer, static_cast<std::size_t>(count));
      }
      std::erase(arrived_, '\r');
      return arrived_.size() >= bytes;
    }));
  }

  // Lines until the sink has had enough.
  void fill() {
    for (int i = 0; !sink_.congested(); ++i) {
      const std::string line = std::to_string(i) + std::string(200, '.') + "\n";
      write(line);
      said_ += line;
    }
  }

  ManualLoop loop_;
  Ends ends_ = GetParam()();
  ConsoleSink sink_{loop_, ends_.writing.get(), kLimit, note_loss};
  std::string said_;
  std::string arrived_;
};

std::string ends_name(const ::testing::TestParamInfo<Ends (*)()>& ends) {
  if (ends.param == make_pipe) return "Pipe";
  return ends.param == make_socket ? "Socket" : "Terminal";
}

INSTANTIATE_TEST_SUITE_P(Ends, Console, ::testing::Values(make_pipe, make_socket, make_terminal),
                         ends_name);

TEST_P(Console, LosesNothingToAReaderThatIsSlow) {
  fill();
  EXPECT_TRUE(sink_.pending());
  read(said_.size());
  EXPECT_EQ(arrived_, said_);
  EXPECT_FALSE(sink_.congested());
  EXPECT_EQ(sink_.counters().lost_lines, 0u);
  EXPECT_EQ(sink_.counters().bytes, said_.size());
}

TEST_P(Console, LeavesTheSharedDescriptionBlocking) {
  fill();
  loop_.serve();
  EXPECT_EQ(fcntl(ends_.writing.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_P(Console, ResumesOneAfterTheOtherWhenThereIsRoom) {
  struct Writer final : Waiter {
    explicit Writer(std::function<void()> act) : action(std::move(act)) {}
    void resume() override { action(); }
    std::function<void()> action;
  };
  std::vector<int> order;
  const std::string much(400'000, 'x');
  const auto say = [&](int number) {
    order.push_back(number);
    write(much + "\n");
    said_ += much + "\n";
  };
  Writer first([&] { say(1); });
  Writer second([&] { say(2); });
  fill();
  sink_.wait(first);
  sink_.wait(second);
  loop_.serve();
  EXPECT_TRUE(order.empty());
  ASSERT_TRUE(loop_.serve_until([&] {
    read(arrived_.size() + 1);
    return !order.empty();
  }));
  EXPECT_EQ(order, std::vector{1}) << "the second waits for what the first has said";
  read(said_.size());
  read(said_.size());
  EXPECT_EQ(order, (std::vector{1, 2}));
  EXPECT_EQ(arrived_, said_);
}

TEST_P(Console, LosesLinesWhoseReaderHasGoneAndGoesOn) {
  fill();
  ends_.reading.reset();
  loop_.serve();
  EXPECT_FALSE(sink_.congested());
  EXPECT_FALSE(sink_.pending());
  EXPECT_GT(sink_.counters().lost_lines, 0u);
  const std::uint64_t lost = sink_.counters().lost_lines;
  write("one more\n");
  EXPECT_EQ(sink_.counters().lost_lines, lost + 1);
  EXPECT_FALSE(sink_.pending());
}

class ConsoleFile : public ::testing::Test {
 protected:
  ManualLoop loop_;
};

TEST_F(ConsoleFile, StallsWhileTheDiskIsFullAndKeepsTheNewestLines) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  ConsoleSink sink(loop_, full.get(), 10, note_loss);
  for (const std::string_view line : {"one\n", "two\n", "three\n", "four\n"}) {
    sink.write(1, std::array{line});
  }
  EXPECT_FALSE(sink.congested()) << "services go on";
  EXPECT_EQ(sink.counters().lost_lines, 3u);
  EXPECT_EQ(loop_.alarms(), 1u);
  EXPECT_EQ(loop_.ring(), 1u);
  EXPECT_EQ(loop_.alarms(), 1u) << "it is tried again";
}

TEST_F(ConsoleFile, BeginsAnUnfinishedLineOfSomebodyElseAnew) {
  const TemporaryDirectory folder;
  const UniqueFd file(open((folder / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ConsoleSink sink(loop_, file.get(), 1000, note_loss);
  const auto write = [&](WriterId writer, std::string_view text) {
    sink.write(writer, std::array{text});
  };
  write(1, "unfin");
  write(1, "ished");
  write(2, "whole\n");
  write(1, "whole\n");
  char text[64] = {};
  EXPECT_GT(pread(file.get(), text, sizeof text, 0), 0);
  EXPECT_STREQ(text, "unfinished\nwhole\nwhole\n");
}

}  // namespace
}  // namespace pid1::output
