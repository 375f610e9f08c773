#include "supervisor/notify_socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/system/support.h"
#include "tests/unit/supervisor/event_loop.h"
#include "tests/unit/supervisor/notifier.h"

namespace pid1::supervisor {
namespace {

using system::UniqueFd;
using system::testing::count_descriptors;
using system::testing::in_child;
using system::testing::TemporaryDirectory;
using test::lingering_connection;
using test::Notifier;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class NotifySocketTest : public ::testing::Test {
 protected:
  // What a service's STATUS said, or "(barrier)".
  NotifyHandlers handlers() {
    return {.notified =
                [this](const NotifySender& sender, const NotifyMessage& message) {
                  senders.push_back(sender);
                  const std::string status(message.status.value_or(""));
                  said.push_back(message.barrier ? "(barrier)" : status);
                },
            .refused =
                [this](const NotifySender& sender, std::string_view why) {
                  senders.push_back(sender);
                  refusals.emplace_back(why);
                }};
  }

  TemporaryDirectory folder;
  const std::string directory = folder / "pid1";
  test::EventLoop loop;
  std::vector<NotifySender> senders;
  std::vector<std::string> said;
  std::vector<std::string> refusals;
  NotifySocket socket{loop, handlers(), directory};
};

TEST_F(NotifySocketTest, HearsWhoSentAMessage) {
  Notifier(socket.address()).send("READY=1\nSTATUS=here");
  loop.run_until([&] { return !said.empty(); });
  EXPECT_THAT(said, ElementsAre("here"));
  EXPECT_EQ(senders[0].pid, getpid());
  EXPECT_EQ(senders[0].uid, getuid());
  EXPECT_EQ(senders[0].gid, getgid());
}

TEST_F(NotifySocketTest, HearsMessagesInTheirOrder) {
  Notifier notifier(socket.address());
  for (const std::string text : {"one", "two", "three"}) notifier.send("STATUS=" + text);
  loop.run_until([&] { return said.size() == 3; });
  EXPECT_THAT(said, ElementsAre("one", "two", "three"));
}

TEST_F(NotifySocketTest, IsAFileThatServicesOfAllUsersMayWriteTo) {
  EXPECT_EQ(socket.address(), directory + "/notify");
  struct stat status = {};
  ASSERT_EQ(stat(socket.address().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0666u);
  ASSERT_EQ(stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777u, 0755u);
  if (geteuid() != 0) return;
  in_child([&] {
    ASSERT_EQ(setresgid(4321, 4321, 4321), 0);
    ASSERT_EQ(setresuid(1234, 1234, 1234), 0);
    Notifier(socket.address()).send("READY=1");
  });
  loop.run_until([&] { return !senders.empty(); });
  EXPECT_EQ(senders[0].uid, 1234u);
  EXPECT_EQ(senders[0].gid, 4321u);
}

TEST_F(NotifySocketTest, LeavesNothingBehind) {
  { NotifySocket another(loop, handlers(), folder / "other"); }
  EXPECT_FALSE(std::filesystem::exists(folder / "other"));
}

TEST_F(NotifySocketTest, TakesThePlaceOfOneThatWasKilled) {
  const std::string other = folder / "other";
  in_child([&] {
    const NotifySocket killed(loop, handlers(), other);
    EXPECT_EQ(killed.address(), other + "/notify");
    if (!HasFailure()) _exit(0);
  });
  ASSERT_TRUE(std::filesystem::exists(other + "/notify"));
  const NotifySocket next(loop, handlers(), other);
  EXPECT_EQ(next.address(), other + "/notify");
}

TEST_F(NotifySocketTest, HasAnAbstractAddressWhereItMayNotMakeAFile) {
  const auto expect_abstract = [&](const std::string& where) {
    NotifySocket abstract(loop, handlers(), where);
    EXPECT_THAT(abstract.address(), StartsWith("@pid1/")) << where;
    said.clear();
    Notifier(abstract.address()).send("STATUS=heard");
    loop.run_until([&] { return !said.empty(); });
    EXPECT_THAT(said, ElementsAre("heard")) << where;
  };
  expect_abstract(folder / "missing/pid1");
  // Another pid1 has it, and goes on to have it.
  expect_abstract(directory);
  Notifier(socket.address()).send("STATUS=first");
  loop.run_until([&] { return said.size() == 2; });

  std::filesystem::create_directory(folder / "open");
  ASSERT_EQ(chmod((folder / "open").c_str(), 01777), 0);
  expect_abstract(folder / "open");
  std::filesystem::create_directory_symlink(directory, folder / "link");
  expect_abstract(folder / "link");
  expect_abstract("/proc/pid1");
  expect_abstract(folder / std::string(200, 'x'));
}

TEST_F(NotifySocketTest, RefusesWhatIsNoMessage) {
  Notifier notifier(socket.address());
  notifier.send(std::string("READY=1\0STATUS=x", 16));
  notifier.send("STATUS=" + std::string(5000, 'x'));
  notifier.send(std::string(60000, '\n'));
  notifier.send("STATUS=still here");
  loop.run_until([&] { return !said.empty(); });
  EXPECT_THAT(said, ElementsAre("still here"));
  EXPECT_THAT(refusals, ElementsAre("it holds a null byte", "it is longer than 4096 bytes",
                                    "it is longer than 4096 bytes"));
  EXPECT_EQ(senders[1].pid, getpid());
}

TEST_F(NotifySocketTest, RefusesASenderFromOutsideTheContainer) {
  Notifier(socket.address()).send("READY=1");
  // In a PID namespace that this process isn't in.
  system::testing::in_pid_namespace([&] {
    socket.drain();
    EXPECT_THAT(said, IsEmpty());
    EXPECT_THAT(refusals, ElementsAre("its sender isn't in this container"));
  });
}

TEST_F(NotifySocketTest, IsHeardBeforeItsSenderIsReaped) {
  const pid_t pid = fork();
  if (pid == 0) {
    Notifier(socket.address()).send("STATUS=last words");
    _exit(0);
  }
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  socket.drain();
  EXPECT_THAT(said, ElementsAre("last words"));
  EXPECT_EQ(senders[0].pid, pid);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid);
}

TEST_F(NotifySocketTest, ClosesABarrierAfterAllThatWasSentBefore) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd waiting(ends[0]);
  UniqueFd passed(ends[1]);
  Notifier notifier(socket.address());
  notifier.send("STATUS=before");
  notifier.send("BARRIER=1", {passed.get()});
  passed.reset();
  struct pollfd barrier = {.fd = waiting.get(), .events = 0, .revents = 0};
  EXPECT_EQ(poll(&barrier, 1, 0), 0);
  loop.run_until([&] { return poll(&barrier, 1, 0) == 1; });
  EXPECT_NE(barrier.revents & POLLHUP, 0);
  EXPECT_THAT(said, ElementsAre("before", "(barrier)"));
}

TEST_F(NotifySocketTest, ClosesABarrierThatIsTheLastMessageOfATurn) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd waiting(ends[0]);
  UniqueFd passed(ends[1]);
  // The queue is shorter than a turn's 64 messages: each is answered by the next.
  int count = 0;
  NotifyHandlers answering = handlers();
  answering.notified = [&](const NotifySender&, const NotifyMessage&) {
    Notifier notifier(folder / "other/notify");
    if (++count < 63) notifier.send("READY=1");
    if (count == 63) notifier.send("BARRIER=1", {passed.get()});
    if (count == 63) passed.reset();
  };
  NotifySocket another(loop, answering, folder / "other");
  Notifier(another.address()).send("READY=1");
  loop.run_until([&] { return count == 64; });
  struct pollfd barrier = {.fd = waiting.get(), .events = 0, .revents = 0};
  EXPECT_EQ(poll(&barrier, 1, 0), 1) << "it is still open";
}

TEST_F(NotifySocketTest, KeepsNoDescriptorThatItIsSent) {
  Notifier notifier(socket.address());
  const int before = count_descriptors();
  const std::vector<int> most(253, STDERR_FILENO);
  notifier.send("FDSTORE=1\nSTATUS=stored", most);
  notifier.send("STATUS=" + std::string(5000, 'x'), {STDERR_FILENO});
  notifier.send("READY=1", {STDERR_FILENO, STDERR_FILENO});
  loop.run_until([&] { return senders.size() == 3; });
  while (waitpid(-1, nullptr, 0) > 0) continue;  // who closes them
  EXPECT_EQ(count_descriptors(), before);
}

TEST_F(NotifySocketTest, IsNotHeldUpByADescriptorThatClosesSlowly) {
  auto [passed, peer] = lingering_connection();
  Notifier notifier(socket.address());
  notifier.send("FDSTORE=1", {passed.get()});
  notifier.send("STATUS=next");
  passed.reset();
  // Closing it here would take until the peer goes, for which this thread would wait in vain.
  loop.run_until([&] { return said.size() == 2; });
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), 0) << "nothing waited for the connection to close";
  peer.reset();
  EXPECT_GT(waitpid(-1, nullptr, 0), 0);
}

TEST_F(NotifySocketTest, HandlesABoundedNumberOfMessagesATurn) {
  std::size_t seen = 0;
  std::size_t most_in_between = 0;
  std::function<void()> take_turn = [&] {
    most_in_between = std::max(most_in_between, said.size() - seen);
    seen = said.size();
    boost::asio::post(loop, take_turn);
  };
  boost::asio::post(loop, take_turn);
  std::vector<pid_t> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.push_back(fork());
    if (writers.back() != 0) continue;
    Notifier notifier(socket.address());
    for (int i = 0; i < 5'000; ++i) notifier.send("WATCHDOG=1");
    _exit(0);
  }
  loop.run_until([&] { return said.size() == 20'000; });
  EXPECT_LE(most_in_between, 64u);
  for (const pid_t writer : writers) EXPECT_EQ(waitpid(writer, nullptr, 0), writer);
}

TEST_F(NotifySocketTest, SurvivesItsHandlersExceptions) {
  int calls = 0;
  NotifySocket throwing(loop,
                        {.notified =
                             [&](auto&&...) {
                               if (++calls == 1) throw std::bad_alloc();
                             },
                         .refused = [](auto&&...) {}},
                        folder / "other");
  Notifier notifier(throwing.address());
  notifier.send("READY=1");
  EXPECT_THROW(loop.run_until([&] { return calls == 1; }), std::bad_alloc);
  notifier.send("READY=1");
  loop.run_until([&] { return calls == 2; });
}

}  // namespace
}  // namespace pid1::supervisor
