#include "supervisor/system/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>

#include "supervisor/system/signal_fd.h"
#include "supervisor/system/signals.h"
#include "supervisor/system/spawner.h"
#include "tests/system/pty.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::count_descriptors;
using testing::in_child;
using testing::in_pid_namespace;
using testing::job_facts;
using testing::JobFacts;
using testing::output_of;
using testing::Pty;
using testing::start_pausing;
using testing::StringList;

// As pid1 is, signals blocked, in a session with a terminal, whose leader it is.
void as_leader(const std::function<void(int terminal)>& test) {
  testing::in_terminal_session([&](int terminal) {
    block_all_signals();
    ASSERT_EQ(dup2(terminal, 0), 0);
    test(terminal);
  });
}

// … and with a leader above, who is in the foreground, in a group of its own.
void as_member(const std::function<void(int terminal)>& test) {
  as_leader([&](int terminal) {
    in_child([&] {
      ASSERT_EQ(setpgid(0, 0), 0);
      test(terminal);
    });
  });
}

pid_t start_group() {
  return start_pausing([] { setpgid(0, 0); });
}

void kill_and_reap(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

TEST(ATerminal, IsStandardInput) {
  as_leader([](int) {
    const int before = count_descriptors();
    EXPECT_EQ(Terminal::find().fd(), 0);
    EXPECT_EQ(count_descriptors(), before);
  });
}

// As a job has it that a script has put into the background.
TEST(ATerminal, IsNoneThatOnlyTheOutputGoesTo) {
  as_leader([](int terminal) {
    const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    dup2(null.get(), 0);
    dup2(terminal, 1);
    dup2(terminal, 2);
    ASSERT_EQ(tcgetsid(1), getpid());
    EXPECT_FALSE(Terminal::find().exists());
  });
}

TEST(ATerminal, IsNoneThatAnotherSessionControlsNorAnythingElse) {
  const Pty foreign;
  const pid_t owner = start_pausing([&] {
    setsid();
    foreign.control();
  });
  in_child([&] {
    block_all_signals();
    ASSERT_EQ(setsid(), getpid());
    const UniqueFd slave = foreign.open_slave();
    const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    close(2);
    for (const int fd : {slave.get(), foreign.master(), null.get(), ends[0]}) {
      dup2(fd, 0);
      const Terminal none = Terminal::find();
      EXPECT_FALSE(none.exists());
      EXPECT_FALSE(none.may_give());
      none.give_to(getpgrp());
      none.take_back_from(getpgrp());
      none.release_to_child();
    }
  });
  EXPECT_EQ(tcgetpgrp(foreign.master()), owner);
  kill_and_reap(owner);
}

TEST(TheForeground, IsGivenToAGroupAndTakenBack) {
  as_leader([](int terminal) {
    const Terminal found = Terminal::find();
    const pid_t program = start_group();
    found.give_to(program);
    EXPECT_EQ(tcgetpgrp(terminal), program);
    found.take_back_from(program);
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
    kill_and_reap(program);
  });
}

TEST(TheForeground, IsTakenBackByTheLeaderFromWhomeverTheProgramGaveItTo) {
  as_leader([](int terminal) {
    const Terminal found = Terminal::find();
    const pid_t program = start_group();
    const pid_t job = start_group();
    found.give_to(job);
    found.take_back_from(program);
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
    kill_and_reap(job);
    kill_and_reap(program);
  });
}

TEST(TheForeground, MayBeGivenByTheLeaderWhoeverHasIt) {
  as_leader([](int) {
    const Terminal found = Terminal::find();
    EXPECT_TRUE(found.may_give());
    const pid_t program = start_group();
    found.give_to(program);
    EXPECT_TRUE(found.may_give());
    kill_and_reap(program);
  });
}

TEST(TheForeground, MayBeGivenByAnotherOnlyWhileItIsInIt) {
  as_member([](int terminal) {
    const Terminal found = Terminal::find();
    EXPECT_FALSE(found.may_give());
    ASSERT_EQ(tcsetpgrp(terminal, getpgrp()), 0);
    EXPECT_TRUE(found.may_give());
    ASSERT_EQ(tcsetpgrp(terminal, getsid(0)), 0);
    EXPECT_FALSE(found.may_give());
  });
}

TEST(TheForeground, IsNotTakenFromAShellAbove) {
  as_member([](int terminal) {
    const Terminal found = Terminal::find();
    const pid_t program = start_group();
    found.take_back_from(program);
    EXPECT_EQ(tcgetpgrp(terminal), getsid(0));
    found.give_to(program);
    found.take_back_from(program);
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
    kill_and_reap(program);
  });
}

TEST(TheForeground, IsTakenBackFromAGroupThatIsGone) {
  as_member([](int terminal) {
    const Terminal found = Terminal::find();
    const pid_t program = start_group();
    const pid_t job = start_group();
    found.give_to(job);
    kill_and_reap(job);
    ASSERT_EQ(tcgetpgrp(terminal), job);
    found.take_back_from(program);
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
    kill_and_reap(program);
  });
}

// Like `unshare --pid --fork` at a shell's prompt.
TEST(TheForeground, IsKnownToBeOursAlsoWhereOurGroupHasNoNumber) {
  as_leader([](int terminal) {
    const auto expect = [](auto verify) {
      in_pid_namespace([&] {
        ASSERT_EQ(getpgrp(), 0);
        verify(Terminal::find());
      });
    };
    expect([](const Terminal& found) { EXPECT_TRUE(found.may_give()); });
    const pid_t other = start_group();
    ASSERT_EQ(tcsetpgrp(terminal, other), 0);
    expect([](const Terminal& found) {
      ASSERT_TRUE(found.exists());
      EXPECT_FALSE(found.may_give());
    });
    kill_and_reap(other);
  });
}

JobFacts facts_of_child(const SpawnRequest& wanted) {
  SpawnRequest request = wanted;
  const StringList argv{"/bin/cat", "/proc/self/stat"};
  const StringList environment{};
  request.argv = argv.span();
  request.environment = environment.span();
  Spawner spawner({});
  return job_facts(output_of(spawner, request));
}

TEST(ATerminalReleased, IsThatOfTheChildsOwnSession) {
  as_leader([](int) {
    const Terminal found = Terminal::find();
    found.release_to_child();
    EXPECT_FALSE(found.may_give());
    const JobFacts facts = facts_of_child({.terminal = found.fd()});
    EXPECT_EQ(facts.session, facts.pid);
    EXPECT_NE(facts.terminal, 0);
    EXPECT_EQ(facts.foreground, facts.pid);
  });
}

TEST(ATerminalReleased, LeavesNoSignalOfTheKernelBehind) {
  as_leader([](int) {
    SignalFd signals;
    Terminal::find().release_to_child();
    EXPECT_TRUE(signals.read().empty());
  });
}

TEST(ATerminalReleased, LosesNoSignalThatSomebodySentBefore) {
  for (const int signo : {SIGHUP, SIGCONT}) {
    as_leader([signo](int) {
      SignalFd signals;
      const pid_t receiver = getpid();
      const pid_t sender = fork();
      if (sender == 0) _exit(kill(receiver, signo));
      waitpid(sender, nullptr, 0);
      Terminal::find().release_to_child();
      bool told = false;
      for (const ReceivedSignal& record : signals.read()) {
        if (record.signo == SIGCHLD) continue;
        EXPECT_EQ(record.signo, signo);
        EXPECT_EQ(record.sender_pid, sender);
        told = true;
      }
      EXPECT_TRUE(told);
    });
  }
}

TEST(ATerminalReleased, IsKeptWhereAnotherLeadsTheSession) {
  as_member([](int) {
    Terminal::find().release_to_child();
    EXPECT_TRUE(Terminal::find().exists());
  });
}

}  // namespace
}  // namespace pid1::system
