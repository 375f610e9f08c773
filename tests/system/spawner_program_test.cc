#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/system/pty.h"
#include "tests/system/spawner_fixture.h"

// What one program under an init is given that a service is not.
namespace pid1::system {
namespace {

using testing::in_child;
using testing::in_terminal_session;
using testing::job_facts;
using testing::JobFacts;
using testing::output_of;
using testing::Pty;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::write_file;

class AProgram : public testing::SpawnerFixture {
 protected:
  // What the program itself sees, at its first instructions.
  JobFacts facts_of_child(SpawnRequest request) {
    return job_facts(output({"/bin/cat", "/proc/self/stat"}, request));
  }
};

INSTANTIATE_TEST_SUITE_P(Methods, AProgram, testing::both_methods(), testing::method_name);

TEST_P(AProgram, LeadsAGroupOfItsOwnInTheSessionOfItsParent) {
  const JobFacts facts = facts_of_child({.session = Session::own_group});
  EXPECT_EQ(facts.group, facts.pid);
  EXPECT_EQ(facts.session, getsid(0));
}

TEST_P(AProgram, HasTheForegroundOfTheTerminalFromItsFirstInstruction) {
  in_terminal_session([&](int terminal) {
    const JobFacts facts = facts_of_child({.session = Session::own_group, .terminal = terminal});
    EXPECT_EQ(facts.foreground, facts.pid);
    EXPECT_EQ(facts.session, getpid());
  });
}

TEST_P(AProgram, GetsTheForegroundFromAParentThatIsInTheBackground) {
  in_terminal_session([&](int terminal) {
    const SignalSet before = set_blocked_signals(all_signals);  // TTOU
    const pid_t other = testing::start_pausing([] { setpgid(0, 0); });
    ASSERT_EQ(tcsetpgrp(terminal, other), 0);
    set_blocked_signals(before);
    const JobFacts facts = facts_of_child({.session = Session::own_group, .terminal = terminal});
    EXPECT_EQ(facts.foreground, facts.pid);
    kill(other, SIGKILL);
  });
}

TEST_P(AProgram, LeavesTheForegroundAloneWithoutATerminalInTheRequest) {
  in_terminal_session([&](int) {
    EXPECT_EQ(facts_of_child({.session = Session::own_group}).foreground, getpid());
  });
}

TEST_P(AProgram, ControlsTheTerminalInASessionOfItsOwn) {
  const Pty pty;
  in_child([&] {
    const UniqueFd terminal = pty.open_slave();
    const JobFacts facts = facts_of_child({.terminal = terminal.get()});
    EXPECT_EQ(facts.session, facts.pid);
    EXPECT_NE(facts.terminal, 0);
    EXPECT_EQ(facts.foreground, facts.pid);
  });
}

TEST_P(AProgram, TakesATerminalThatIsReplacedAmongItsStandardDescriptors) {
  const Pty pty;
  in_child([&] {
    dup2(pty.open_slave().get(), 0);
    const JobFacts facts = facts_of_child({.terminal = 0});  // and /dev/null comes to 0
    EXPECT_EQ(facts.foreground, facts.pid);
  });
}

TEST_P(AProgram, RunsWithoutATerminalThatTheKernelRefuses) {
  const Pty of_another_session;
  const pid_t owner = testing::start_pausing([&] {
    setsid();
    of_another_session.control();
  });
  in_child([&] {
    ASSERT_EQ(setsid(), getpid());
    const UniqueFd foreign = of_another_session.open_slave();
    const UniqueFd null(open("/dev/null", O_RDWR | O_CLOEXEC));
    for (const int terminal : {foreign.get(), null.get(), 999}) {
      // As root, TIOCSCTTY could steal it, but is not asked to.
      for (const Session session : {Session::own, Session::own_group}) {
        const JobFacts facts = facts_of_child({.session = session, .terminal = terminal});
        EXPECT_EQ(facts.group, facts.pid);
        EXPECT_EQ(facts.terminal, 0);
      }
    }
  });
  kill(owner, SIGKILL);
  await_end(owner);
}

TEST_P(AProgram, RunsAFileWithoutAShebangThroughTheShell) {
  const TemporaryDirectory directory;
  write_file(directory / "headless", "echo \"$0|$1|$2|$#\"\n", 0755);
  const StringList environment{"PATH=/nonexistent:" + directory.path()};
  const StringList argv{"headless", "a b", ""};
  Spawner spawner({}, GetParam());
  EXPECT_EQ(
      output_of(spawner,
                {.argv = argv.span(), .environment = environment.span(), .runs_scripts = true}),
      (directory / "headless") + "|a b||2\n");
}

TEST_P(AProgram, RunsNoProgramOfAnotherMachineThroughTheShell) {
  const TemporaryDirectory directory;
  write_file(directory / "foreign", "\177ELF\necho run\n", 0755);
  EXPECT_EQ(fail_to_spawn({directory / "foreign"}, {.runs_scripts = true}),
            (SpawnError{SpawnStep::exec, ENOEXEC}));
}

TEST_P(AProgram, IsNoProgramForTheKernelWhereThereIsNoShellForIt) {
  ASSERT_EQ(geteuid(), 0U) << "only root may change its root";
  const TemporaryDirectory directory;
  write_file(directory / "headless", "echo\n", 0755);
  in_child([&] {
    Spawner spawner({}, GetParam());
    ASSERT_EQ(chroot(directory.path().c_str()), 0);
    const StringList argv{"/headless"};
    const SpawnResult result = spawner.spawn(
        {.argv = argv.span(), .environment = environment_.span(), .runs_scripts = true});
    EXPECT_EQ(std::get<SpawnError>(result), (SpawnError{SpawnStep::exec, ENOEXEC}));
  });
}

TEST_P(AProgram, FindsItsOwnPidInItsEnvironment) {
  std::string variable = "LISTEN_PID=" + std::string(11, '?');
  std::string other = "WATCHDOG_PID=" + std::string(11, '?');
  const char* const environment[] = {"PATH=/usr/bin:/bin", variable.c_str(), other.c_str(),
                                     nullptr};
  char* const places[] = {variable.data() + variable.find('?'), other.data() + other.find('?')};
  const StringList argv{"sh", "-c", "echo $LISTEN_PID $$ $WATCHDOG_PID"};
  Spawner spawner({}, GetParam());
  const std::string output =
      output_of(spawner, {.argv = argv.span(), .environment = environment, .pid_texts = places});
  const std::string pid = output.substr(0, output.find(' '));
  EXPECT_GT(std::atoi(pid.c_str()), 1);
  EXPECT_EQ(output, pid + " " + pid + " " + pid + "\n");
}

}  // namespace
}  // namespace pid1::system
