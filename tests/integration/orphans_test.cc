#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

// Whether nothing runs but pid1 and so many services, and nothing is dead and unreaped.
bool only(const Pid1& pid1, std::size_t services) {
  return pid1.processes().size() == services + 1;
}

TEST(Orphans, AreReapedByTheThousandsWhileServicesLive) {
  Pid1 pid1(R"(
services:
  parent: {command: probe parent orphans=20000}
  web: {command: probe web}
)");
  pid1.expect_all({reported("parent", "orphaned"), reported("web", "running")});
  pid1.expect_eventually("reaped", [&] { return only(pid1, 2); });
  pid1.signal(SIGHUP);
  pid1.expect_all({received("web", SIGHUP), received("parent", SIGHUP)});
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

TEST(Orphans, DoNotHideTheEndOfAService) {
  Pid1 pid1(R"(
services:
  parent: {command: probe parent orphans=3000 fail-times=2:1, restart: {delay: 10ms}}
)");
  pid1.expect_sequence({exiting("parent", 1), reported("parent", "orphaned"), exiting("parent", 1),
                        reported("parent", "orphaned"), reported("parent", "running")});
  pid1.expect_eventually("reaped", [&] { return only(pid1, 1); });
}

TEST(Orphans, AreReapedWhenTheyEndLater) {
  Pid1 pid1(R"(
services:
  web: {command: probe web fork=parent begin setsid fork=daemon begin on=USR1:0 end exit=0 end}
)");
  const auto events = pid1.expect_all(
      {started("daemon"), reported("daemon", "running"), reported("web", "running")});
  pid1.signal_inside(events[0].number("pid"), SIGUSR1);
  pid1.expect(exiting("daemon", 0));
  pid1.expect_eventually("reaped", [&] { return only(pid1, 1); });
}

TEST(Orphans, AreReapedDuringAStop) {
  Pid1 pid1(R"(
services:
  web: {command: probe web deaf on=USR1:0, stop_grace_period: 1h}
  parent: {command: probe parent orphans=2000}
)");
  pid1.expect_all({reported("web", "running"), reported("parent", "orphaned")});
  pid1.signal(SIGTERM);
  pid1.expect_all({received("web", SIGTERM), exiting("parent", 0)});
  pid1.expect_eventually("reaped", [&] { return only(pid1, 1); });
  pid1.signal(SIGUSR1);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
