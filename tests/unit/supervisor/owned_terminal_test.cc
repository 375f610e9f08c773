#include "supervisor/owned_terminal.h"

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "supervisor/system/signals.h"
#include "supervisor/system/spawner.h"
#include "tests/system/pty.h"
#include "tests/system/support.h"

namespace pid1::supervisor {
namespace {

using system::testing::in_child;
using system::testing::in_terminal_session;
using system::testing::job_facts;
using system::testing::JobFacts;
using system::testing::output_of;

Plan plan_with(Input input) {
  ServiceSpec service;
  service.name = "shell";
  service.process.argv = {"sh"};
  service.input = input;
  return std::get<Plan>(Plan::create({service}));
}

JobFacts facts_of_service(const OwnedTerminal& owned) {
  system::Spawner spawner({});
  const system::testing::StringList argv{"/bin/cat", "/proc/self/stat"};
  const system::testing::StringList environment{};
  return job_facts(output_of(spawner, {.argv = argv.span(),
                                       .environment = environment.span(),
                                       .session = owned.session,
                                       .terminal = owned.fd}));
}

TEST(ATerminal, BecomesThatOfTheServicesOwnSessionAtEachOfItsStarts) {
  in_terminal_session([](int terminal) {
    dup2(terminal, STDIN_FILENO);
    system::block_async_signals();
    dup2(terminal, 0);
    const system::Terminal found = find_terminal_for(plan_with(Input::terminal));
    const OwnedTerminal owned = hand_over(found);
    for (int start = 0; start < 2; ++start) {
      const JobFacts facts = facts_of_service(owned);
      EXPECT_EQ(facts.session, facts.pid);
      EXPECT_NE(facts.terminal, 0);
      EXPECT_EQ(facts.foreground, facts.pid);
    }
    EXPECT_LT(tcgetpgrp(terminal), 0) << "it is no longer ours";
  });
}

TEST(ATerminal, IsKeptWhereNoServiceIsToHaveIt) {
  in_terminal_session([](int terminal) {
    system::block_async_signals();
    dup2(terminal, 0);
    hand_over(find_terminal_for(plan_with(Input::own)));
    EXPECT_EQ(tcgetpgrp(terminal), getpgrp());
  });
}

TEST(ATerminal, ThatAnotherLeadsIsGivenToTheServiceInItsForeground) {
  in_terminal_session([](int terminal) {
    const pid_t leader = getpid();
    in_child([&] {
      dup2(terminal, STDIN_FILENO);
      system::block_async_signals();
      ASSERT_EQ(setpgid(0, 0), 0);
      ASSERT_EQ(tcsetpgrp(terminal, getpid()), 0);
      dup2(terminal, 0);
      const system::Terminal found = find_terminal_for(plan_with(Input::terminal));
      const JobFacts facts = facts_of_service(hand_over(found));
      EXPECT_EQ(facts.session, leader);
      EXPECT_EQ(facts.group, facts.pid);
      EXPECT_EQ(facts.foreground, facts.pid);
    });
  });
}

TEST(ATerminal, ThatIsNobodysIsTakenFromStandardInput) {
  const system::testing::Pty pty;
  in_child([&] {
    setsid();
    system::block_async_signals();
    dup2(pty.open_slave().get(), 0);
    const system::Terminal found = find_terminal_for(plan_with(Input::terminal));
    ASSERT_FALSE(found.exists());
    const JobFacts facts = facts_of_service(hand_over(found));
    EXPECT_EQ(facts.session, facts.pid);
    EXPECT_EQ(facts.foreground, facts.pid);
  });
}

}  // namespace
}  // namespace pid1::supervisor
