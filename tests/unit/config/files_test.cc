#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Include, AddsTheServicesOfOtherFiles) {
  Loading loading;
  loading
      .write("pid1.yaml",
             "include: [db/db.yaml, {path: ./cache.yaml}]\n"
             "services:\n"
             "  web: {command: a, depends_on: [db, cache]}\n")
      .write("db/db.yaml", "name: db\nservices:\n  db: {command: b, env_file: db.env}\n")
      .write("db/db.env", "A=1\n")
      .write("cache.yaml", "services:\n  cache: {command: c}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 3u);
  EXPECT_THAT(service_named(*plan, "db").process.environment,
              ElementsAre(EnvironmentChange{"A", "1"}));
  EXPECT_EQ(plan->container().name, "");
}

TEST(Include, ReadsAFileOnceThatTwoOthersInclude) {
  Loading loading;
  loading.write("pid1.yaml", "include: [a.yaml, b.yaml]\nservices: {}\n")
      .write("a.yaml", "include: [sub/../base.yaml]\nservices: {a: {command: a}}\n")
      .write("b.yaml", "include: [./base.yaml]\nservices: {b: {command: b}}\n")
      .write("sub/other", "")
      .write("base.yaml", "services: {base: {command: c}}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 3u);
}

TEST(Include, RefusesAServiceThatIsDefinedTwice) {
  Loading loading;
  loading.write("pid1.yaml", "include: [a.yaml]\nservices:\n  web: {command: a}\n")
      .write("a.yaml", "services:\n  web: {command: b}\n");
  EXPECT_FALSE(loading.load());
  EXPECT_EQ(loading.messages(),
            "pid1.yaml:3:3: error: a service `web` is defined twice\n"
            "  web: {command: a}\n"
            "  ^\n"
            "hint: the other is at a.yaml:2; to build on it, use `extends`\n");
}

TEST(Include, ReportsACircleAsAPath) {
  Loading loading;
  loading.write("pid1.yaml", "include: [a.yaml]\nservices: {web: {command: a}}\n")
      .write("a.yaml", "include: [pid1.yaml]\nservices: {}\n");
  EXPECT_FALSE(loading.load());
  EXPECT_EQ(loading.messages(),
            "a.yaml:1:11: error: files include one another: pid1.yaml -> a.yaml -> pid1.yaml\n"
            "include: [pid1.yaml]\n"
            "          ^\n");
}

TEST(Include, ReportsAFileThatIsNotThereWhereItIsNamed) {
  EXPECT_THAT(load_bad("include: [none.yaml]\nservices: {web: {command: a}}\n"),
              HasSubstr("pid1.yaml:1:11: error: cannot read none.yaml: No such file"));
  EXPECT_THAT(load_bad("include: [{}]\nservices: {web: {command: a}}\n"),
              HasSubstr("needs the key `path`"));
}

TEST(Include, LeavesTheBlockPid1ToTheMainFile) {
  Loading loading;
  loading.write("pid1.yaml", "include: [a.yaml]\nservices: {web: {command: a}}\n")
      .write("a.yaml", "pid1: {exit_code_from: web}\nservices: {}\n");
  EXPECT_FALSE(loading.load());
  EXPECT_THAT(loading.messages(), HasSubstr("a.yaml:1:1: error: `pid1` belongs in the main file"));
}

TEST(Include, FillsVariablesIntoPaths) {
  Loading loading;
  loading.set("NAME", "a")
      .write("pid1.yaml", "include: [$NAME.yaml]\nservices: {}\n")
      .write("a.yaml", "services: {a: {command: a}}\n");
  EXPECT_TRUE(loading.load()) << loading.messages();
}

TEST(Extends, TakesOverAServiceOfTheSameFile) {
  const Plan plan = load_good(
      "services:\n"
      "  web: {extends: base, command: web}\n"
      "  worker: {extends: {service: base}}\n"
      "  base: {command: base, user: app, working_dir: /app}\n");
  EXPECT_THAT(service_named(plan, "web").process.argv, ElementsAre("web"));
  EXPECT_EQ(service_named(plan, "web").process.user->user, "app");
  EXPECT_THAT(service_named(plan, "worker").process.argv, ElementsAre("base"));
}

TEST(Extends, TakesOverAServiceOfAnotherFileWithItsPaths) {
  Loading loading;
  loading
      .write("pid1.yaml",
             "services:\n"
             "  web: {extends: {file: lib/common.yaml, service: app}, command: web, env_file: "
             "web.env}\n")
      .write("web.env", "B=2\n")
      .write("lib/common.yaml",
             "services:\n"
             "  app: {extends: base, env_file: app.env}\n"
             "  base: {user: app}\n"
             "  unused: {command: \"${X:?never looked at}\"}\n")
      .write("lib/app.env", "A=1\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 1u);
  EXPECT_EQ(service_named(*plan, "web").process.user->user, "app");
  EXPECT_THAT(service_named(*plan, "web").process.environment,
              ElementsAre(EnvironmentChange{"A", "1"}, EnvironmentChange{"B", "2"}));
}

TEST(Extends, MergesMappingsAppendsListsAndOverridesScalars) {
  Loading loading;
  loading.write("a.env", "A=1\n").write("b.env", "B=2\n");
  loading.write("pid1.yaml",
                "services:\n"
                "  base:\n"
                "    command: [base, one]\n"
                "    entrypoint: [run]\n"
                "    environment: {A: base, B: base}\n"
                "    env_file: a.env\n"
                "    labels: [a=base, b=base]\n"
                "    group_add: [adm]\n"
                "    stop_signal: INT\n"
                "    umask: \"077\"\n"
                "    restart: {condition: always, delay: 1s}\n"
                "    depends_on: [db]\n"
                "  web:\n"
                "    extends: base\n"
                "    command: [web]\n"
                "    environment: [B=web, C=web]\n"
                "    env_file: [b.env]\n"
                "    labels: {b: web}\n"
                "    group_add: [tty]\n"
                "    stop_signal: HUP\n"
                "    restart: {delay: 2s}\n"
                "    depends_on: {cache: {restart: true}, db: {restart: true}}\n"
                "  db: {command: a}\n"
                "  cache: {command: a}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  const ServiceSpec& web = service_named(*plan, "web");
  EXPECT_THAT(web.process.argv, ElementsAre("run", "web"));
  std::map<std::string, std::optional<std::string>> environment;
  for (const auto& change : web.process.environment) environment[change.name] = change.value;
  EXPECT_THAT(environment, ElementsAre(Pair("A", "base"), Pair("B", "web"), Pair("C", "web")));
  EXPECT_THAT(web.labels, ElementsAre(Pair("a", "base"), Pair("b", "web")));
  EXPECT_THAT(web.process.group_add, ElementsAre("adm", "tty"));
  EXPECT_EQ(web.stop.signal, 1);
  EXPECT_EQ(web.process.umask, 077u);
  EXPECT_EQ(web.restart.condition, RestartCondition::always);
  EXPECT_EQ(web.restart.delay, std::chrono::seconds(2));
  EXPECT_THAT(web.depends_on, ElementsAre(Dependency{"db", Condition::started, true, true},
                                          Dependency{"cache", Condition::started, true, true}));
}

TEST(Extends, LetsNullOverrideOnlyAVariable) {
  const Plan plan = load_good(
      "services:\n"
      "  base: {command: [base], environment: {A: base}}\n"
      "  web: {extends: base, command: null, environment: {A: }}\n");
  EXPECT_THAT(service_named(plan, "web").process.argv, ElementsAre("base"));
  EXPECT_THAT(service_named(plan, "web").process.environment,
              ElementsAre(EnvironmentChange{"A", std::nullopt}));
}

TEST(Extends, ReportsACircleAsAPath) {
  EXPECT_EQ(load_bad("services:\n"
                     "  a: {command: a, extends: b}\n"
                     "  b: {command: a, extends: a}\n"),
            "pid1.yaml:3:28: error: services extend one another: a -> b -> a\n"
            "  b: {command: a, extends: a}\n"
            "                           ^\n");
}

TEST(Extends, NamesAServiceThatIsThere) {
  EXPECT_EQ(load_bad("services:\n"
                     "  base: {command: a}\n"
                     "  web: {extends: bse}\n"),
            "pid1.yaml:3:18: error: no service `bse` in this file\n"
            "  web: {extends: bse}\n"
            "                 ^\n"
            "hint: did you mean `base`?\n");
  EXPECT_THAT(load_bad("services:\n  web: {extends: {file: none.yaml, service: a}}\n"),
              HasSubstr("pid1.yaml:2:25: error: cannot read none.yaml"));
  EXPECT_THAT(load_bad("services:\n  web: {extends: {file: pid1.yaml}}\n"),
              HasSubstr("`extends` needs the key `service`"));
}

TEST(Extends, ReportsABaseThatIsNoServiceOnce) {
  Loading loading;
  loading.write("pid1.yaml", "services:\n  web: {extends: {file: a.yaml, service: base}}\n")
      .write("a.yaml", "services:\n  base: nginx\n");
  EXPECT_FALSE(loading.load());
  EXPECT_EQ(loading.messages(),
            "a.yaml:2:9: error: expected a mapping, found a string\n"
            "  base: nginx\n"
            "        ^\n");
  EXPECT_EQ(load_bad("services:\n  web: {extends: base}\n  base:\n"),
            "pid1.yaml:3:3: error: expected a mapping, found nothing\n"
            "  base:\n"
            "  ^\n");
}

TEST(Extends, DoesNotMultiplyWithoutEnd) {
  std::string text = "services:\n  base: {command: [a";
  for (int i = 0; i < 1000; ++i) text += ", a";
  text += "]}\n";
  for (int i = 0; i < 1000; ++i) text += "  s" + std::to_string(i) + ": {extends: base}\n";
  EXPECT_THAT(load_bad(text), HasSubstr("more than 500000 values are taken over"));
}

TEST(Extends, HasALongestChain) {
  std::string text = "services:\n  s0: {command: a}\n";
  for (int i = 1; i < 500; ++i) {
    text += "  s" + std::to_string(i) + ": {extends: s" + std::to_string(i - 1) + "}\n";
  }
  load_good(text);
  std::string reversed = "services:\n";
  for (int i = 500; i > 0; --i) {
    reversed += "  s" + std::to_string(i) + ": {extends: s" + std::to_string(i - 1) + "}\n";
  }
  EXPECT_THAT(load_bad(reversed + "  s0: {command: a}\n"), HasSubstr("more than 64 services"));
}

}  // namespace
}  // namespace pid1::config
