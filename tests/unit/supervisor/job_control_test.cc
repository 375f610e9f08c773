#include "supervisor/job_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <optional>

#include "supervisor/system/signals.h"
#include "tests/system/pty.h"
#include "tests/system/support.h"
#include "tests/unit/supervisor/fake_system.h"

namespace pid1::supervisor {
namespace {

using system::testing::in_child;
using test::FakeSystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int32_t kProgram = 4242;
using Suspension = JobControl::Suspension;
using Suspended = FakeSystem::Suspended;
using std::chrono::milliseconds;
using std::chrono::minutes;
using system::StopScope;

Time clock_now;
Time read_clock() { return clock_now; }

enum class Above { nobody, shell };

class Jobs {
 public:
  explicit Jobs(Above above, Suspension suspension = Suspension::with_program) {
    kernel.has_shell_above = above == Above::shell;
    terminal_.emplace(system::Terminal::find());
    jobs_.emplace(kernel, *terminal_, suspension, read_clock);
    jobs_->started(kProgram);
  }

  void receive(int signo) { jobs_->received({.signo = signo}, kProgram); }
  void receive_key(int signo) { jobs_->received({.signo = signo, .from_kernel = true}, kProgram); }
  void stop_program(int signo) {
    kernel.stops[kProgram] = signo;
    jobs_->child_changed(kProgram);
  }
  JobControl& control() { return *jobs_; }

  FakeSystem kernel;

 private:
  std::optional<system::Terminal> terminal_;
  std::optional<JobControl> jobs_;
};

constexpr FakeSystem::Sent kContinued{-kProgram, SIGCONT};

// At a terminal, in a group of its own that a shell has put into the foreground.
void in_the_foreground(const std::function<void(int terminal)>& test) {
  system::testing::in_terminal_session([&](int terminal) {
    system::block_all_signals();  // TTOU
    in_child([&] {
      ASSERT_EQ(dup2(terminal, 0), 0);
      ASSERT_EQ(setpgid(0, 0), 0);
      ASSERT_EQ(tcsetpgrp(terminal, getpgrp()), 0);
      test(terminal);
    });
  });
}

TEST(AStopFromTheTerminal, IsUndoneWhereNobodyIsAbove) {
  Jobs jobs(Above::nobody);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
}

TEST(AStopFromTheTerminal, StopsOurGroupTooBelowAShellUntilItContinuesUs) {
  in_the_foreground([](int terminal) {
    Jobs jobs(Above::shell);
    ASSERT_EQ(tcsetpgrp(terminal, getsid(0)), 0);  // by that shell: we are in the background
    for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU}) {
      jobs.stop_program(signo);
      EXPECT_THAT(jobs.kernel.suspensions, ElementsAre(Suspended{signo, StopScope::group}));
      EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
      jobs.kernel.suspensions.clear();
      jobs.kernel.sent.clear();
    }
  });
}

// The others of our group have got the key's signal from the terminal.
TEST(AStopFromTheTerminal, StopsUsAloneWhereItCameToUs) {
  in_the_foreground([](int) {
    Jobs jobs(Above::shell);
    jobs.receive_key(SIGTSTP);
    jobs.stop_program(SIGTSTP);
    EXPECT_THAT(jobs.kernel.suspensions, ElementsAre(Suspended{SIGTSTP, StopScope::process}));
    EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
  });
}

TEST(AStopFromTheTerminal, IsUndoneAlsoWhereItCameToUs) {
  Jobs jobs(Above::nobody);
  jobs.receive_key(SIGTSTP);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
}

TEST(AStopWithoutATerminal, StopsNobodyElseInOurGroup) {
  Jobs jobs(Above::shell);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.suspensions, ElementsAre(Suspended{SIGTSTP, StopScope::process}));
}

TEST(AProgramThatWantsTheTerminal, GetsItWhereAShellHasPutUsIntoTheForeground) {
  for (const int signo : {SIGTTIN, SIGTTOU}) {
    in_the_foreground([signo](int) {
      Jobs jobs(Above::shell);
      jobs.stop_program(signo);
      EXPECT_THAT(jobs.kernel.suspensions, IsEmpty());
      EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
    });
  }
}

TEST(AProgramThatWantsTheTerminal, IsNotContinuedWhereSomebodyElseHasIt) {
  Jobs jobs(Above::nobody);
  jobs.stop_program(SIGTTIN);
  EXPECT_THAT(jobs.kernel.sent, IsEmpty());
}

TEST(AStopThatSomebodySent, IsLeftToThemWhereNobodyIsAbove) {
  Jobs jobs(Above::nobody);
  jobs.receive(SIGTSTP);
  clock_now += milliseconds(900);  // a program that catches it tidies up first
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, IsEmpty());
}

TEST(AStopThatSomebodySent, IsForgottenOnceItWasContinued) {
  Jobs jobs(Above::nobody);
  jobs.receive(SIGTSTP);
  jobs.receive(SIGCONT);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
}

TEST(AStopThatSomebodySent, IsNotTheOneThatAKeyMakesLongAfterTheProgramCaughtIt) {
  Jobs jobs(Above::nobody);
  jobs.receive(SIGTSTP);
  clock_now += minutes(1);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
}

TEST(AStopThatSomebodySent, IsTakenForOneStopOnly) {
  Jobs jobs(Above::nobody);
  jobs.receive(SIGTSTP);
  jobs.stop_program(SIGTSTP);
  jobs.stop_program(SIGTSTP);
  EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
}

TEST(ASigstop, IsLeftToWhoeverSentIt) {
  for (const Above above : {Above::nobody, Above::shell}) {
    Jobs jobs(above);
    jobs.stop_program(SIGSTOP);
    EXPECT_THAT(jobs.kernel.sent, IsEmpty());
    EXPECT_THAT(jobs.kernel.suspensions, IsEmpty());
  }
}

TEST(AChildThatHasNotStopped, ChangesNothing) {
  Jobs jobs(Above::shell);
  jobs.control().child_changed(kProgram);
  EXPECT_THAT(jobs.kernel.sent, IsEmpty());
  EXPECT_THAT(jobs.kernel.suspensions, IsEmpty());
}

TEST(DumbInitsJobControl, StopsItselfAtEachStopThatItIsSent) {
  Jobs jobs(Above::nobody, Suspension::on_any_signal);
  for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGTERM}) jobs.receive(signo);
  EXPECT_EQ(jobs.kernel.self_stops, 3);
  jobs.control().received({.signo = SIGTSTP}, 0);  // the program is gone
  EXPECT_EQ(jobs.kernel.self_stops, 3);
  EXPECT_THAT(jobs.kernel.sent, IsEmpty());
}

// Another init above would take a SIGSTOP for somebody's, and leave all of them stopped for ever.
TEST(DumbInitsJobControl, StopsAsAJobDoesForAKeyAndGoesOnWithTheProgram) {
  for (const Above above : {Above::nobody, Above::shell}) {
    Jobs jobs(above, Suspension::on_any_signal);
    jobs.receive_key(SIGTSTP);
    EXPECT_EQ(jobs.kernel.self_stops, 0);
    EXPECT_THAT(jobs.kernel.suspensions, ElementsAre(Suspended{SIGTSTP, StopScope::process}));
    EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
  }
}

TEST(TheTerminal, IsTakenBackAtTheEnd) {
  in_the_foreground([](int terminal) {
    const pid_t program = system::testing::start_pausing([] { setpgid(0, 0); });
    Jobs jobs(Above::shell);
    jobs.control().started(program);
    ASSERT_EQ(tcsetpgrp(terminal, program), 0);
    kill(program, SIGKILL);
    jobs.control().end();
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
  });
}

}  // namespace
}  // namespace pid1::supervisor
