#include "services/exit_status.h"

#include <gtest/gtest.h>

namespace pid1 {
namespace {

TEST(ExitStatus, IsTheCodeOfAProcessThatExited) {
  EXPECT_EQ(exit_code(Exited{0}), 0);
  EXPECT_EQ(exit_code(Exited{255}), 255);
}

TEST(ExitStatus, Is128AndTheSignalForEachOfThe64) {
  for (int signo = 1; signo <= 64; ++signo) EXPECT_EQ(exit_code(Signaled{signo}), 128 + signo);
}

}  // namespace
}  // namespace pid1
