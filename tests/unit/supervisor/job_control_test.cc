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

class Jobs {
 public:
  explicit Jobs(Suspension suspension = Suspension::with_program) {
    terminal_.emplace(system::Terminal::find());
    jobs_.emplace(kernel, *terminal_, suspension);
    jobs_->started(kProgram);
  }

  void receive(int signo) { jobs_->received({.signo = signo}, kProgram); }
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

// In a session of its own, as a container's PID 1 is: nobody above would continue what has stopped.
void alone(const std::function<void()>& test) {
  in_child([&] {
    ASSERT_EQ(setsid(), getpid());
    test();
  });
}

// In a group of its own, as a shell's job is.
void below_a_shell(const std::function<void()>& test) {
  in_child([&] {
    ASSERT_EQ(setpgid(0, 0), 0);
    test();
  });
}

// … at a terminal, in its foreground.
void in_the_foreground(const std::function<void(int terminal)>& test) {
  system::testing::in_terminal_session([&](int terminal) {
    system::block_all_signals();  // TTOU
    in_child([&] {
      ASSERT_EQ(setpgid(0, 0), 0);
      ASSERT_EQ(tcsetpgrp(terminal, getpgrp()), 0);
      test(terminal);
    });
  });
}

TEST(AStopFromTheTerminal, IsUndoneWhereNobodyIsAbove) {
  alone([] {
    Jobs jobs;
    jobs.stop_program(SIGTSTP);
    EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
    EXPECT_EQ(jobs.kernel.self_stops, 0);
  });
}

TEST(AStopFromTheTerminal, StopsUsTooBelowAShellUntilItContinuesUs) {
  for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU}) {
    below_a_shell([signo] {
      Jobs jobs;
      jobs.stop_program(signo);
      EXPECT_EQ(jobs.kernel.self_stops, 1);
      EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
    });
  }
}

TEST(AProgramThatWantsTheTerminal, GetsItWhereAShellHasPutUsIntoTheForeground) {
  for (const int signo : {SIGTTIN, SIGTTOU}) {
    in_the_foreground([signo](int) {
      Jobs jobs;
      jobs.stop_program(signo);
      EXPECT_EQ(jobs.kernel.self_stops, 0);
      EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
    });
  }
}

TEST(AProgramThatWantsTheTerminal, IsNotContinuedWhereSomebodyElseHasIt) {
  alone([] {
    Jobs jobs;
    jobs.stop_program(SIGTTIN);
    EXPECT_THAT(jobs.kernel.sent, IsEmpty());
    EXPECT_EQ(jobs.kernel.self_stops, 0);
  });
}

TEST(AStopThatSomebodySent, IsLeftToThemWhereNobodyIsAbove) {
  alone([] {
    Jobs jobs;
    jobs.receive(SIGTSTP);
    jobs.stop_program(SIGTSTP);
    EXPECT_THAT(jobs.kernel.sent, IsEmpty());
    EXPECT_EQ(jobs.kernel.self_stops, 0);
  });
}

TEST(AStopThatSomebodySent, IsForgottenOnceItWasContinued) {
  alone([] {
    Jobs jobs;
    jobs.receive(SIGTSTP);
    jobs.receive(SIGCONT);
    jobs.stop_program(SIGTSTP);
    EXPECT_THAT(jobs.kernel.sent, ElementsAre(kContinued));
  });
}

TEST(ASigstop, IsLeftToWhoeverSentIt) {
  for (const auto& surroundings : {alone, below_a_shell}) {
    surroundings([] {
      Jobs jobs;
      jobs.stop_program(SIGSTOP);
      EXPECT_THAT(jobs.kernel.sent, IsEmpty());
      EXPECT_EQ(jobs.kernel.self_stops, 0);
    });
  }
}

TEST(AChildThatHasNotStopped, ChangesNothing) {
  below_a_shell([] {
    Jobs jobs;
    jobs.control().child_changed(kProgram);
    EXPECT_THAT(jobs.kernel.sent, IsEmpty());
    EXPECT_EQ(jobs.kernel.self_stops, 0);
  });
}

TEST(DumbInitsJobControl, StopsItselfAtEachStopThatItIsSent) {
  alone([] {
    Jobs jobs(Suspension::on_any_signal);
    for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGTERM}) jobs.receive(signo);
    EXPECT_EQ(jobs.kernel.self_stops, 3);
    jobs.control().received({.signo = SIGTSTP}, 0);  // the program is gone
    EXPECT_EQ(jobs.kernel.self_stops, 3);
  });
}

TEST(TheTerminal, IsTakenBackAtTheEnd) {
  in_the_foreground([](int terminal) {
    const pid_t program = system::testing::start_pausing([] { setpgid(0, 0); });
    Jobs jobs;
    jobs.control().started(program);
    ASSERT_EQ(tcsetpgrp(terminal, program), 0);
    kill(program, SIGKILL);
    jobs.control().end();
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
  });
}

}  // namespace
}  // namespace pid1::supervisor
