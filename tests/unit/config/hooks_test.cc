#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string refuse(const std::string& rest) {
  return load_bad("services:\n  web: {command: a, " + rest + "}\n");
}

TEST(Hooks, AreListsOfCommandsAtFourPoints) {
  const Hooks hooks = load_service(
                          "{command: a, pre_start: [{command: b \"c d\"}, {command: [e]}], "
                          "post_start: [{command: f}], pre_stop: [{command: g}], "
                          "post_stop: [{command: h}]}")
                          .hooks;
  ASSERT_EQ(hooks.pre_start.size(), 2u);
  EXPECT_THAT(hooks.pre_start[0].argv, ElementsAre("b", "c d"));
  EXPECT_THAT(hooks.pre_start[1].argv, ElementsAre("e"));
  EXPECT_THAT(hooks.post_start.at(0).argv, ElementsAre("f"));
  EXPECT_THAT(hooks.pre_stop.at(0).argv, ElementsAre("g"));
  EXPECT_THAT(hooks.post_stop.at(0).argv, ElementsAre("h"));
  EXPECT_THAT(load_service("{command: a, pre_start: }").hooks.pre_start, IsEmpty());
}

TEST(Hooks, RunAsTheServiceDoesButForWhatTheySay) {
  const ServiceSpec web = load_service(
      "{command: a, user: app, group_add: [adm], working_dir: /app, umask: \"0027\", nice: 5, "
      "ulimits: {core: 0}, cap_drop: [ALL], cpuset: \"1\", environment: {A: 1, B: 2}, "
      "pre_start: [{command: x}, "
      "{command: y, user: \"0:0\", working_dir: /, environment: {B: 3, C: 4}}]}");
  ProcessSpec plain = web.process;
  plain.argv = {"x"};
  EXPECT_EQ(web.hooks.pre_start.at(0), plain);
  ProcessSpec own = web.process;
  own.argv = {"y"};
  own.user = UserSpec{"0", "0"};
  own.working_dir = "/";
  own.environment = {{"A", "1"}, {"B", "3"}, {"C", "4"}};
  EXPECT_EQ(web.hooks.pre_start.at(1), own);
}

TEST(Hooks, TakeAVariableWithoutAValueFromPid1) {
  Loading loading;
  loading.set("HERE", "pid1's")
      .write("pid1.yaml",
             "services:\n"
             "  web:\n"
             "    command: a\n"
             "    environment: {HERE: own, GONE: own}\n"
             "    pre_stop: [{command: b, environment: [HERE, GONE]}]\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_THAT(
      service_named(*plan, "web").hooks.pre_stop.at(0).environment,
      ElementsAre(EnvironmentChange{"HERE", "pid1's"}, EnvironmentChange{"GONE", std::nullopt}));
}

TEST(Hooks, KnowTheirReplica) {
  const Plan plan = load_good(
      "services:\n"
      "  web: {command: a, scale: 2, pre_start: [{command: b}], reload: c, "
      "healthcheck: {test: [CMD, d]}}\n");
  const ServiceSpec& second = service_named(plan, "web-2");
  const auto knows = testing::Contains(EnvironmentChange{"PID1_REPLICA", "2"});
  EXPECT_THAT(second.process.environment, knows);
  EXPECT_THAT(second.hooks.pre_start.at(0).environment, knows);
  EXPECT_THAT(second.reload.command.value().environment, knows);
  EXPECT_THAT(std::get<ProcessSpec>(second.health.value().probe).environment, knows);
  EXPECT_THAT(refuse("scale: 2, pre_stop: [{command: b, environment: {PID1_REPLICA: 7}}]"),
              HasSubstr("`PID1_REPLICA` is set by pid1"));
}

TEST(Hooks, OfAServiceComeBehindThoseThatItExtends) {
  const Plan plan = load_good(
      "services:\n"
      "  base: {command: a, pre_start: [{command: b}]}\n"
      "  web: {extends: base, pre_start: [{command: c}]}\n");
  const Hooks& hooks = service_named(plan, "web").hooks;
  ASSERT_EQ(hooks.pre_start.size(), 2u);
  EXPECT_THAT(hooks.pre_start[0].argv, ElementsAre("b"));
  EXPECT_THAT(hooks.pre_start[1].argv, ElementsAre("c"));
}

TEST(Hooks, AreRefusedWithTheirPlace) {
  EXPECT_EQ(refuse("pre_start: [{user: app}]"),
            "pid1.yaml:2:33: error: a hook needs the key `command`\n"
            "  web: {command: a, pre_start: [{user: app}]}\n"
            "                                ^\n"
            "hint: write which program it runs\n");
  EXPECT_THAT(refuse("pre_start: [{command: []}]"), HasSubstr("the command is empty"));
  EXPECT_THAT(refuse("pre_start: [{command: [\"\"]}]"), HasSubstr("program is empty"));
  EXPECT_THAT(refuse("pre_start: [{command: a; b}]"), HasSubstr("no shell runs"));
  EXPECT_THAT(refuse("pre_start: [{command: A=b c}]"), HasSubstr("expected a program first"));
  EXPECT_THAT(refuse("post_stop: [{command: a, user: \":\"}]"), HasSubstr("expected `user`"));
  EXPECT_THAT(refuse("post_stop: [{command: a, working_dir: b}]"), HasSubstr("an absolute path"));
  EXPECT_THAT(refuse("post_stop: [{command: a, privileged: true}]"),
              HasSubstr("`privileged` is set on the container, not inside it"));
  EXPECT_THAT(refuse("post_stop: [a]"), HasSubstr("expected a mapping, found a string"));
  EXPECT_EQ(count(refuse("pre_start: [{comand: a}]"), "error: "), 1u);
}

TEST(Reload, IsACommandOrASignal) {
  const ServiceSpec command = load_service("{command: a, user: app, reload: nginx -s reload}");
  ProcessSpec expected = command.process;
  expected.argv = {"nginx", "-s", "reload"};
  EXPECT_EQ(command.reload, (Reload{0, expected}));
  EXPECT_THAT(load_service("{command: a, reload: [x, \"y z\"]}").reload.command.value().argv,
              ElementsAre("x", "y z"));
  EXPECT_EQ(load_service("{command: a, reload: {signal: HUP}}").reload, (Reload{1, std::nullopt}));
  EXPECT_EQ(load_service("{command: a}").reload, Reload{});
}

TEST(Reload, IsRefusedWhereItSaysNothing) {
  EXPECT_THAT(refuse("reload: {}"), HasSubstr("`reload` needs the key `signal`"));
  EXPECT_THAT(refuse("reload: {signal: BYE}"), HasSubstr("expected a signal"));
  EXPECT_THAT(refuse("reload: \"\""), HasSubstr("the command is empty"));
}

TEST(Reload, ReplacesThatOfTheServiceThatIsExtended) {
  const Plan plan = load_good(
      "services:\n"
      "  base: {command: a, reload: [x, y]}\n"
      "  web: {extends: base, reload: [z]}\n");
  EXPECT_THAT(service_named(plan, "web").reload.command.value().argv, ElementsAre("z"));
}

TEST(Orphans, AreKilledUnlessTheyMayLive) {
  EXPECT_EQ(load_service("{command: a}").orphans, OrphanPolicy::kill);
  EXPECT_EQ(load_service("{command: a, orphans: kill}").orphans, OrphanPolicy::kill);
  EXPECT_EQ(load_service("{command: a, orphans: adopt}").orphans, OrphanPolicy::adopt);
  EXPECT_THAT(refuse("orphans: keep"), HasSubstr("expected kill or adopt"));
}

}  // namespace
}  // namespace pid1::config
