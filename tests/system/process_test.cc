#include "supervisor/system/process.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::start_pausing;

TEST(TheParentDeathSignal, ComesWhenTheParentEnds) {
  in_child([] {
    ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    const pid_t parent = start_pausing(
        [] { start_pausing([] { EXPECT_EQ(set_parent_death_signal(SIGUSR2), 0); }); });
    kill(parent, SIGKILL);
    EXPECT_EQ(testing::await_any_end(),
              (Reaped{.pid = parent, .signaled = true, .status = SIGKILL}));
    EXPECT_EQ(testing::await_any_end().status, SIGUSR2);
  });
}

TEST(TheParentDeathSignal, IsRefusedWhereThereIsNoSuchSignal) {
  in_child([] {
    EXPECT_EQ(set_parent_death_signal(65), EINVAL);
    EXPECT_EQ(set_parent_death_signal(64), 0);
    EXPECT_EQ(set_parent_death_signal(0), 0);
    int signo = -1;
    ASSERT_EQ(prctl(PR_GET_PDEATHSIG, &signo), 0);
    EXPECT_EQ(signo, 0);
  });
}

}  // namespace
}  // namespace pid1::system
