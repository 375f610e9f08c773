#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using Kind = SignalRule::Kind;

constexpr std::string_view kServices =
    "services:\n"
    "  web: {command: a}\n"
    "  worker: {command: a, scale: 2}\n"
    "  shell: {command: a, profiles: [debug]}\n"
    "  none: {command: a, scale: 0}\n"
    "  jobs: {command: a, scale: 2, profiles: [batch, debug]}\n";

ContainerSpec load_container(const std::string& block) {
  return load_good("pid1: " + block + "\n" + std::string(kServices)).container();
}

std::string container_error(const std::string& block) {
  return load_bad("pid1: " + block + "\n" + std::string(kServices));
}

TEST(Container, HasADefaultForEverything) {
  ContainerSpec usual;
  usual.log.format = LogFormat::prefix;  // there are several services
  EXPECT_EQ(load_good(kServices).container(), usual);
}

TEST(Container, HasABudgetForItsStop) {
  EXPECT_EQ(load_container("{stop_grace_period: 25s}").stop_grace_period, 25s);
}

TEST(ExitCodeFrom, NamesAServiceOrAReplica) {
  EXPECT_EQ(load_container("{exit_code_from: web}").exit_code_from, "web");
  EXPECT_EQ(load_container("{exit_code_from: worker-2}").exit_code_from, "worker-2");
}

TEST(ExitCodeFrom, MustRunOnce) {
  EXPECT_THAT(container_error("{exit_code_from: wbe}"), HasSubstr("did you mean `web`?"));
  EXPECT_THAT(container_error("{exit_code_from: worker}"),
              HasSubstr("has replicas\npid1: {exit_code_from: worker}\n"));
  EXPECT_THAT(container_error("{exit_code_from: worker}"), HasSubstr("such as `worker-1`"));
  EXPECT_THAT(container_error("{exit_code_from: worker-3}"), HasSubstr("no service `worker-3`"));
  EXPECT_THAT(container_error("{exit_code_from: none}"),
              HasSubstr("the service `none` has no replica\n"));
}

TEST(ExitCodeFrom, NamesAServiceThatIsOn) {
  EXPECT_EQ(container_error("{exit_code_from: shell}"),
            "pid1.yaml:1:24: error: the service `shell` is off: its profile `debug` is not on\n"
            "pid1: {exit_code_from: shell}\n"
            "                       ^\n"
            "hint: turn it on with PID1_PROFILES=debug, or name another one\n");
  EXPECT_THAT(container_error("{exit_code_from: jobs-2}"),
              HasSubstr("the service `jobs` is off: its profiles `batch` and `debug` are not on"));
}

TEST(Signals, AreGivenARuleByAWord) {
  const ContainerSpec container =
      load_container("{signals: {SIGHUP: shutdown, usr1: ignore, 15: forward, USR2: SIGTERM}}");
  EXPECT_EQ(container.signals[1], (SignalRule{Kind::shutdown, 0, {}}));
  EXPECT_EQ(container.signals[10], (SignalRule{Kind::ignore, 0, {}}));
  EXPECT_EQ(container.signals[15], (SignalRule{Kind::forward, 0, {}}));
  EXPECT_EQ(container.signals[12], (SignalRule{Kind::forward, 15, {}}));
  EXPECT_EQ(container.signals[2], default_signal_rules()[2]);
}

TEST(Signals, AreSentToTheServicesOfAMapping) {
  const SignalRule rule =
      load_container("{signals: {HUP: {web: QUIT, worker: HUP, shell: USR1}}}").signals[1];
  EXPECT_EQ(rule.kind, Kind::forward);
  EXPECT_THAT(rule.only, ElementsAre(Pair("web", 3), Pair("worker-1", 1), Pair("worker-2", 1)));
}

TEST(Signals, GoNowhereWhereNoServiceOfTheMappingRuns) {
  for (const char* block : {"{signals: {HUP: {shell: HUP, none: HUP}}}", "{signals: {HUP: {}}}",
                            "{signals: {HUP: {jobs-1: HUP}}}"}) {
    const SignalRule rule = load_container(block).signals[1];
    EXPECT_EQ(rule.kind, Kind::ignore) << block;
    EXPECT_THAT(rule.only, IsEmpty()) << block;
  }
}

TEST(Signals, AreRefusedWherePid1CannotDecideOnThem) {
  EXPECT_THAT(container_error("{signals: {KILL: ignore}}"),
              HasSubstr("pid1.yaml:1:18: error: SIGKILL can't be caught"));
  EXPECT_THAT(container_error("{signals: {STOP: ignore}}"), HasSubstr("SIGSTOP can't be caught"));
  EXPECT_THAT(container_error("{signals: {CHLD: ignore}}"), HasSubstr("a process ended"));
  EXPECT_THAT(container_error("{signals: {SEGV: ignore}}"), HasSubstr("a fault in pid1 itself"));
  EXPECT_THAT(container_error("{signals: {BYE: ignore}}"), HasSubstr("`BYE` is no signal"));
}

TEST(Signals, AreRefusedWhereTheyAreWrittenTwice) {
  EXPECT_THAT(container_error("{signals: {HUP: ignore, SIGHUP: forward}}"),
              HasSubstr("SIGHUP is written twice"));
}

TEST(Signals, NeedARuleThatIsKnown) {
  EXPECT_EQ(
      container_error("{signals: {HUP: shutdwon}}"),
      "pid1.yaml:1:23: error: expected shutdown, forward, ignore, reload, reopen, a signal, or a "
      "mapping from "
      "services to signals\n"
      "pid1: {signals: {HUP: shutdwon}}\n"
      "                      ^\n"
      "hint: did you mean `shutdown`?\n");
  EXPECT_THAT(container_error("{signals: {HUP: {wbe: HUP}}}"), HasSubstr("no service `wbe`"));
  EXPECT_THAT(container_error("{signals: {HUP: {web: BYE}}}"), HasSubstr("expected a signal"));
}

TEST(Signals, MayReloadTheServices) {
  const Plan plan = load_good(
      "pid1: {signals: {HUP: reload}}\n"
      "services:\n"
      "  web: {command: a, reload: {signal: USR1}}\n");
  EXPECT_EQ(plan.container().signals[1], (SignalRule{SignalRule::Kind::reload, 0, {}}));
}

TEST(Signals, AreWarnedOfWhereNothingCanReload) {
  Loading loading;
  loading.write("pid1.yaml",
                "pid1: {signals: {HUP: reload, USR1: ignore}}\n"
                "services:\n"
                "  web: {command: a}\n"
                "  off: {command: a, profiles: [never], reload: b}\n");
  EXPECT_TRUE(loading.load());
  EXPECT_EQ(loading.messages(),
            "pid1.yaml:1:23: warning: `reload` has no effect: no service that is on has a "
            "`reload`\n"
            "pid1: {signals: {HUP: reload, USR1: ignore}}\n"
            "                      ^\n"
            "hint: give one of them a `reload`, or write `forward` or `ignore`\n");
}

}  // namespace
}  // namespace pid1::config
