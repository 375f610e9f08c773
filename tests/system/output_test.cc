#include "supervisor/system/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include "supervisor/system/descriptors.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::TemporaryDirectory;

constexpr std::uint32_t nobody = 65534;

struct Channel {
  UniqueFd reading;
  UniqueFd writing;
};

Channel make_pipe() {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Channel make_socket() {
  int ends[2];
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Channel make_terminal() {
  UniqueFd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(grantpt(master.get()), 0);
  EXPECT_EQ(unlockpt(master.get()), 0);
  UniqueFd slave(open(ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_TRUE(slave);
  return {std::move(master), std::move(slave)};
}

class Output : public ::testing::TestWithParam<Channel (*)()> {
 protected:
  // If anything blocks, this ends the test and not the patience of who runs it.
  void SetUp() override { alarm(60); }
  void TearDown() override { alarm(0); }

  const Channel channel_ = GetParam()();
};

std::string channel_name(const ::testing::TestParamInfo<Channel (*)()>& channel) {
  if (channel.param == make_pipe) return "Pipe";
  return channel.param == make_socket ? "Socket" : "Terminal";
}

INSTANTIATE_TEST_SUITE_P(Channels, Output, ::testing::Values(make_pipe, make_socket, make_terminal),
                         channel_name);

bool is_shared_description_blocking(int fd) { return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0; }

std::size_t write_until_full(int fd, std::size_t longest) {
  std::size_t total = 0;
  for (std::size_t length = 1;; length = length % longest + 1) {
    const std::string line = std::string(length - 1, 'x') + "\n";
    const ssize_t written = write_without_blocking(fd, line);
    if (written < 0) {
      EXPECT_EQ(written, -EAGAIN);
      return total;
    }
    total += static_cast<std::size_t>(written);
  }
}

// Lines of odd lengths until nothing goes in, then what still fits; returns how many bytes did.
std::size_t fill(int fd) { return write_until_full(fd, 997) + write_until_full(fd, 1); }

TEST_P(Output, IsNeverWaitedForWhenNobodyReads) {
  EXPECT_GT(fill(channel_.writing.get()), 4000u);
  EXPECT_EQ(write_without_blocking(channel_.writing.get(), std::string("x")), -EAGAIN);
  EXPECT_TRUE(is_shared_description_blocking(channel_.writing.get()));
}

TEST_P(Output, GoesOnAsSoonAsThereIsRoom) {
  fill(channel_.writing.get());
  struct pollfd room = {.fd = channel_.writing.get(), .events = POLLOUT, .revents = 0};
  char buffer[1000];
  while (poll(&room, 1, 0) == 0) ASSERT_GT(read(channel_.reading.get(), buffer, sizeof buffer), 0);
  EXPECT_EQ(write_without_blocking(channel_.writing.get(), std::string("x")), 1);
}

TEST_P(Output, ArrivesAsItWasWritten) {
  EXPECT_EQ(write_without_blocking(channel_.writing.get(), std::string("hello")), 5);
  char buffer[16] = {};
  EXPECT_EQ(read(channel_.reading.get(), buffer, sizeof buffer), 5);
  EXPECT_STREQ(buffer, "hello");
}

TEST_P(Output, IsDroppedWithoutASignalOrAWaitWhenTheOtherSideIsGone) {
  Channel channel = GetParam()();
  signal(SIGPIPE, SIG_IGN);
  channel.reading.reset();
  const ssize_t written = write_without_blocking(channel.writing.get(), std::string("x"));
  EXPECT_TRUE(written == -EPIPE || written == -EIO) << written;
}

TEST(OwnDescription, OfAPipeIsNonBlockingAndLeavesTheSharedOneAlone) {
  const Channel pipe = make_pipe();
  const UniqueFd own = reopen_for_writing(pipe.writing.get());
  ASSERT_TRUE(own);
  EXPECT_EQ(fcntl(own.get(), F_GETFL) & (O_NONBLOCK | O_ACCMODE), O_NONBLOCK | O_WRONLY);
  EXPECT_EQ(fcntl(own.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_TRUE(is_shared_description_blocking(pipe.writing.get()));
  fill(own.get());
  EXPECT_TRUE(is_shared_description_blocking(pipe.writing.get()));
}

TEST(OwnDescription, OfATerminalIsNonBlockingAndLeavesTheSharedOneAlone) {
  const Channel terminal = make_terminal();
  const UniqueFd own = reopen_for_writing(terminal.writing.get());
  ASSERT_TRUE(own);
  EXPECT_EQ(ttyname(own.get()), std::string(ttyname(terminal.writing.get())));
  fill(own.get());
  EXPECT_TRUE(is_shared_description_blocking(terminal.writing.get()));
}

TEST(OwnDescription, IsNotToBeHadWhereItWouldBeAnother) {
  const TemporaryDirectory directory;
  const UniqueFd file(open((directory / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const Channel pipe = make_pipe();
  const Channel terminal = make_terminal();
  EXPECT_FALSE(reopen_for_writing(file.get())) << "its offset would be another";
  EXPECT_FALSE(reopen_for_writing(pipe.reading.get())) << "it was not opened for writing";
  EXPECT_FALSE(reopen_for_writing(terminal.reading.get())) << "it would be another terminal";
  EXPECT_FALSE(reopen_for_writing(make_socket().writing.get()));
  EXPECT_FALSE(reopen_for_writing(999));
}

TEST(OwnDescription, IsNotToBeHadFromSomebodyElsesPipe) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const Channel pipe = make_pipe();
  in_child([&] {
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    EXPECT_FALSE(reopen_for_writing(pipe.writing.get()));
    EXPECT_GT(fill(pipe.writing.get()), 4000u);
  });
}

TEST(OutputToAFile, GoesWhereTheSharedOffsetIs) {
  const TemporaryDirectory directory;
  const UniqueFd file(open((directory / "log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const UniqueFd shared(dup(file.get()));
  EXPECT_EQ(write(shared.get(), "one\n", 4), 4);
  EXPECT_EQ(write_without_blocking(file.get(), std::string("two\n")), 4);
  EXPECT_EQ(write(shared.get(), "three\n", 6), 6);
  char text[32] = {};
  EXPECT_EQ(pread(file.get(), text, sizeof text, 0), 14);
  EXPECT_STREQ(text, "one\ntwo\nthree\n");
}

TEST(OutputToNowhere, SaysSo) {
  EXPECT_EQ(write_without_blocking(999, std::string("x")), -EBADF);
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(write_without_blocking(full.get(), std::string("x")), -ENOSPC);
}

TEST(StandardDescriptors, ThatAreClosedAreOpenedOnDevNull) {
  const TemporaryDirectory directory;
  for (int closed = 1; closed < 8; ++closed) {
    in_child([&] {
      const int console = fcntl(1, F_DUPFD_CLOEXEC, 10);
      for (int fd = 0; fd <= 2; ++fd) {
        if ((closed >> fd & 1) != 0) close(fd);
      }
      const StandardDescriptors result = ensure_standard_descriptors();
      std::string opened;
      for (int fd = 0; fd <= 2; ++fd) {
        char target[64] = {};
        const std::string link = "/proc/self/fd/" + std::to_string(fd);
        if (readlink(link.c_str(), target, sizeof target - 1) < 0) opened += "closed ";
        if ((closed >> fd & 1) != 0) opened += std::string(target) + " ";
        if (fcntl(fd, F_GETFD) != 0) opened += "cloexec ";
      }
      const int next = open("/dev/zero", O_RDONLY);
      dup2(console, 1);
      EXPECT_EQ(result.error, 0);
      for (int fd = 0; fd <= 2; ++fd) {
        EXPECT_EQ(result.were_closed[static_cast<std::size_t>(fd)], (closed >> fd & 1) != 0);
      }
      EXPECT_GT(next, 2);
      std::string expected;
      for (int bits = closed; bits != 0; bits &= bits - 1) expected += "/dev/null ";
      EXPECT_EQ(opened, expected);
    });
  }
}

TEST(StandardDescriptors, ThatAreOpenStayAsTheyAre) {
  in_child([] {
    const int before = testing::count_descriptors();
    const StandardDescriptors result = ensure_standard_descriptors();
    EXPECT_EQ(result.were_closed, (std::array{false, false, false}));
    EXPECT_EQ(result.error, 0);
    EXPECT_EQ(testing::count_descriptors(), before);
  });
}

TEST(StandardDescriptors, AreHarmlessWithoutADevNull) {
  ASSERT_EQ(geteuid(), 0U) << "only root may change its root directory";
  const TemporaryDirectory directory;
  in_child([&] {
    const int console = fcntl(1, F_DUPFD_CLOEXEC, 10);
    ASSERT_EQ(chroot(directory.path().c_str()), 0);
    close(0);
    close(1);
    const int error = ensure_standard_descriptors().error;
    char byte = 0;
    const ssize_t bytes = read(0, &byte, 1);
    const ssize_t written = write(1, &byte, 1);
    const int write_error = errno;
    dup2(console, 1);
    EXPECT_EQ(error, 0);
    EXPECT_EQ(bytes, 0);
    EXPECT_EQ(written, -1);
    EXPECT_EQ(write_error, EBADF);
  });
}

TEST(StandardDescriptors, DoNotTakeAnOrdinaryFileForDevNull) {
  ASSERT_EQ(geteuid(), 0U) << "only root may change its root directory";
  const TemporaryDirectory directory;
  ASSERT_EQ(mkdir((directory / "dev").c_str(), 0755), 0);
  testing::write_file(directory / "dev/null", "");
  in_child([&] {
    ASSERT_EQ(chroot(directory.path().c_str()), 0);
    EXPECT_EQ(write(open_null().get(), "x", 1), -1);
  });
}

TEST(Output, IsTheSameWhereTwoDescriptorsLeadToOnePipe) {
  const Channel one = make_pipe();
  const Channel other = make_pipe();
  const UniqueFd again(dup(one.writing.get()));
  EXPECT_TRUE(lead_to_the_same(one.writing.get(), again.get()));
  EXPECT_FALSE(lead_to_the_same(one.writing.get(), other.writing.get()));
  EXPECT_FALSE(lead_to_the_same(one.writing.get(), -1));
}

}  // namespace
}  // namespace pid1::system
