#include "supervisor/program_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace pid1::supervisor {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

ProgramOptions of(std::vector<std::string> argv) { return {.argv = std::move(argv)}; }

const SignalRule& rule(const Plan& plan, int signo) {
  return plan.container().signals[static_cast<std::size_t>(signo)];
}

bool is_caught(int signo) { return signo != SIGCHLD; }

TEST(AProgramsPlan, IsOneServiceThatIsNamedAfterIt) {
  const Plan plan = program_plan(of({"/usr/bin/app", "-x"}));
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan.services()[0].name, "app");
  EXPECT_THAT(plan.services()[0].process.argv, ElementsAre("/usr/bin/app", "-x"));
}

TEST(AProgramsPlan, HasANameForWhatIsNoProgramToo) {
  EXPECT_EQ(program_plan(of({"/"})).services()[0].name, "/");
  EXPECT_EQ(program_plan(of({"/usr/"})).services()[0].name, "/usr/");
}

TEST(AProgramsPlan, EndsTheContainerWithTheProgramAndNeverRestartsIt) {
  const Plan plan = program_plan(of({"app"}));
  const ServiceSpec& service = plan.services()[0];
  EXPECT_EQ(service.restart.condition, RestartCondition::never);
  EXPECT_EQ(service.on_success, EndAction::shutdown);
  EXPECT_EQ(service.on_failure, EndAction::shutdown);
  EXPECT_FALSE(plan.container().stays);
}

TEST(AProgramsPlan, ForwardsEverySignalAsItIs) {
  for (const SignalScope scope : {SignalScope::process, SignalScope::group}) {
    ProgramOptions options = of({"app"});
    options.forward_to = scope;
    const Plan plan = program_plan(options);
    for (int signo = 1; signo <= kMaxSignal; ++signo) {
      if (!is_caught(signo)) continue;
      EXPECT_EQ(
          rule(plan, signo),
          (SignalRule{.kind = SignalRule::Kind::forward, .as = signo, .only = {}, .scope = scope}));
    }
    EXPECT_EQ(rule(plan, SIGCHLD).kind, SignalRule::Kind::ignore);
  }
}

TEST(AProgramsPlan, ForwardsWhatTheRewritesSay) {
  ProgramOptions options = of({"app"});
  options.rewrites[SIGTERM] = SIGQUIT;
  options.rewrites[SIGHUP] = 0;
  const Plan plan = program_plan(options);
  EXPECT_EQ(rule(plan, SIGTERM).as, SIGQUIT);
  EXPECT_EQ(rule(plan, SIGHUP).kind, SignalRule::Kind::ignore);
  EXPECT_EQ(rule(plan, SIGINT).as, SIGINT);
}

TEST(AProgramsPlan, GivesTheProgramWhatWasAskedFor) {
  ProgramOptions options = of({"app"});
  options.expected_codes = {143};
  options.working_dir = "/srv";
  options.environment = {{"A", "1"}};
  options.user = UserSpec{"web", "staff"};
  const Plan plan = program_plan(options);
  const ServiceSpec& service = plan.services()[0];
  EXPECT_THAT(service.success_exit_codes, ElementsAre(143));
  EXPECT_EQ(service.process.working_dir, "/srv");
  EXPECT_THAT(service.process.environment, ElementsAre(EnvironmentChange{"A", "1"}));
  EXPECT_EQ(service.process.user, (UserSpec{"web", "staff"}));
}

TEST(AProgramsPlan, LeavesTheLeftoversTheirWholeGrace) {
  for (const Duration grace : {Duration::zero(), Duration(seconds(5)), Duration(seconds(3600))}) {
    ProgramOptions options = of({"app"});
    options.grace = grace;
    options.awaits_all = true;
    const Plan plan = program_plan(options);
    EXPECT_EQ(plan.container().leftovers, (LeftoverPolicy{.awaited = true, .grace = grace}));
    EXPECT_GE(plan.stop_budget(), grace);
  }
}

TEST(AProgramsPlan, HasABudgetAlsoForAGraceWithoutEnd) {
  ProgramOptions options = of({"app"});
  options.grace = Duration::max();
  EXPECT_EQ(program_plan(options).stop_budget(), Duration::max());
}

// Other containers may share the PID namespace: their processes are not pid1's to end.
TEST(APausesPlan, StaysWithoutAServiceAndLeavesAllOthersAlone) {
  const Plan plan = program_plan(ProgramOptions{});
  EXPECT_EQ(plan.size(), 0u);
  EXPECT_TRUE(plan.container().stays);
  EXPECT_EQ(plan.container().leftovers.grace, Duration::zero());
  EXPECT_EQ(rule(plan, SIGTERM).kind, SignalRule::Kind::shutdown);
  EXPECT_EQ(rule(plan, SIGINT).kind, SignalRule::Kind::shutdown);
}

}  // namespace
}  // namespace pid1::supervisor
