#include "supervisor/system/children.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::in_pid_namespace;
using ::testing::IsEmpty;
using ::testing::Optional;
using testing::start_pausing;
using ::testing::UnorderedElementsAre;

// Of a child of init, which has other children.
void beside_others(const std::function<void()>& test) {
  in_pid_namespace([&] {
    start_pausing();
    in_child(test);
  });
}

TEST(Children, AreThoseOfThisProcessAlone) {
  beside_others([] {
    const pid_t first = start_pausing([] { start_pausing(); });
    const pid_t second = start_pausing([] { setsid(); });
    EXPECT_THAT(list_children(), Optional(UnorderedElementsAre(first, second)));
    EXPECT_THAT(find_children_by_number(), UnorderedElementsAre(first, second));
  });
}

TEST(Children, AreNoneWhereThereAreNone) {
  beside_others([] {
    EXPECT_THAT(list_children(), Optional(IsEmpty()));
    EXPECT_THAT(find_children_by_number(), IsEmpty());
  });
}

TEST(Children, AreFoundByNumberStoppedToo) {
  beside_others([] {
    const pid_t child = start_pausing();
    kill(child, SIGSTOP);
    siginfo_t info = {};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WSTOPPED | WNOWAIT), 0);
    EXPECT_THAT(find_children_by_number(), UnorderedElementsAre(child));
    // Their state is still to be told to whoever waits for it.
    EXPECT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WSTOPPED | WNOHANG), 0);
    EXPECT_EQ(info.si_pid, child);
  });
}

TEST(Children, AreListedUntilTheyAreReapedAndFoundByNumberWhileTheyLive) {
  beside_others([] {
    const pid_t child = start_pausing();
    kill(child, SIGKILL);
    siginfo_t info = {};
    ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
    EXPECT_THAT(list_children(), Optional(UnorderedElementsAre(child)));
    EXPECT_THAT(find_children_by_number(), IsEmpty());
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_THAT(list_children(), Optional(IsEmpty()));
  });
}

// The list is longer than what is read of it at once.
TEST(Children, AreListedByTheThousand) {
  beside_others([] {
    for (int i = 0; i < 1200; ++i) {
      if (fork() == 0) _exit(0);
    }
    EXPECT_EQ(list_children().value().size(), 1200u);
  });
}

}  // namespace
}  // namespace pid1::system
