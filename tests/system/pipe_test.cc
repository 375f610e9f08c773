#include "supervisor/system/pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;

constexpr std::size_t kMebibyte = 1u << 20;
constexpr std::uint32_t nobody = 65534;

TEST(Pipe, HasTheRoomThatWasAskedFor) {
  const auto pipe = make_pipe(kMebibyte);
  ASSERT_TRUE(pipe);
  EXPECT_EQ(fcntl(pipe->writing.get(), F_GETPIPE_SZ), static_cast<int>(kMebibyte));
}

TEST(Pipe, HasLessRoomWhereMoreIsRefused) {
  in_child([] {
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    const auto pipe = make_pipe(64 * kMebibyte);
    ASSERT_TRUE(pipe);
    const int size = fcntl(pipe->writing.get(), F_GETPIPE_SZ);
    EXPECT_GE(size, 4096);
    EXPECT_LE(size, static_cast<int>(kMebibyte)) << "pipe-max-size";
  });
}

TEST(Pipe, IsNonBlockingForUsAloneAndClosedOnExec) {
  const auto pipe = make_pipe(std::size_t{64} << 10);
  EXPECT_NE(fcntl(pipe->reading.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(fcntl(pipe->writing.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(fcntl(pipe->reading.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(fcntl(pipe->writing.get(), F_GETFD), FD_CLOEXEC);
}

TEST(Pipe, CanBeOpenedByItsNameByTheUserWhoGotIt) {
  const auto pipe = make_pipe(std::size_t{64} << 10);
  const std::string name = "/proc/self/fd/" + std::to_string(pipe->writing.get());
  in_child([&] {
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    EXPECT_EQ(open(name.c_str(), O_WRONLY | O_CLOEXEC), -1);
  });
  EXPECT_EQ(give_pipe_to(pipe->writing.get(), nobody), 0);
  in_child([&] {
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    EXPECT_GE(open(name.c_str(), O_WRONLY | O_CLOEXEC), 0);
  });
}

TEST(Pipe, SaysWhetherMoreMayCome) {
  auto pipe = make_pipe(std::size_t{64} << 10);
  char buffer[16];
  EXPECT_EQ(read_some(pipe->reading.get(), buffer), -EAGAIN);
  EXPECT_EQ(write(pipe->writing.get(), "hello", 5), 5);
  EXPECT_EQ(read_some(pipe->reading.get(), buffer), 5);
  pipe->writing.reset();
  EXPECT_EQ(read_some(pipe->reading.get(), buffer), 0);
}

}  // namespace
}  // namespace pid1::system
