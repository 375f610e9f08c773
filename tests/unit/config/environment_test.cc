#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

using Environment = std::map<std::string, std::optional<std::string>>;

Environment environment_of(const Plan& plan, std::string_view service) {
  Environment environment;
  for (const EnvironmentChange& change : service_named(plan, service).process.environment) {
    EXPECT_TRUE(environment.emplace(change.name, change.value).second) << change.name;
  }
  return environment;
}

Environment load_environment(Loading& loading, std::string_view body) {
  loading.write("pid1.yaml", "services:\n  web:\n    command: a\n" + std::string(body));
  const std::optional<Plan> plan = loading.load();
  EXPECT_TRUE(plan) << loading.messages();
  return plan ? environment_of(*plan, "web") : Environment{};
}

TEST(Environment, IsAMappingWithValuesAsTheyAreWritten) {
  Loading loading;
  EXPECT_THAT(load_environment(loading, "    environment: {A: text, B: 1.10, C: yes, D: \"\"}\n"),
              ElementsAre(Pair("A", "text"), Pair("B", "1.10"), Pair("C", "yes"), Pair("D", "")));
}

TEST(Environment, IsMergedBeforeVariablesAreFilledIn) {
  const Plan plan = load_good(
      "x-all: &all {A: \"${UNSET:?is overridden}\", B: \"$$<<\"}\n"
      "services: {web: {command: a, environment: {<<: *all, A: 1}}}\n");
  EXPECT_THAT(environment_of(plan, "web"), ElementsAre(Pair("A", "1"), Pair("B", "$<<")));
}

TEST(Environment, IsAListOfAssignments) {
  Loading loading;
  EXPECT_THAT(load_environment(loading, "    environment: [A=text, B=x=y, \"C=\", A=last]\n"),
              ElementsAre(Pair("A", "last"), Pair("B", "x=y"), Pair("C", "")));
}

TEST(Environment, PassesANameWithoutAValueOn) {
  Loading loading;
  loading.set("SET", "from pid1");
  const auto expected =
      ElementsAre(Pair("SET", "from pid1"), Pair("UNSET", std::optional<std::string>()));
  EXPECT_THAT(load_environment(loading, "    environment: {SET: , UNSET: }\n"), expected);
  EXPECT_THAT(load_environment(loading, "    environment: [SET, UNSET]\n"), expected);
}

TEST(Environment, WinsOverEnvFilesAndLaterFilesOverEarlierOnes) {
  Loading loading;
  loading.write("1.env", "A=1\nB=1\nC=1\n").write("2.env", "B=2\nC=2\nD=2\n");
  loading.set("A", "own").set("D", "own").set("E", "own");
  EXPECT_THAT(load_environment(loading,
                               "    env_file: [1.env, 2.env]\n"
                               "    environment: {C: 3, D: }\n"),
              ElementsAre(Pair("A", "1"), Pair("B", "2"), Pair("C", "3"), Pair("D", "own")));
}

TEST(Environment, UnsetsANameThatOnlyAnEnvFileHas) {
  Loading loading;
  loading.write("1.env", "A=1\n");
  EXPECT_THAT(load_environment(loading, "    env_file: 1.env\n    environment: [A]\n"),
              ElementsAre(Pair("A", std::optional<std::string>())));
}

TEST(Environment, RefusesNamesThatNoVariableCanHave) {
  EXPECT_THAT(load_bad("services:\n  web: {command: a, environment: {\"A=B\": c}}\n"),
              HasSubstr("a variable's name can't be empty or hold `=`"));
  EXPECT_THAT(load_bad("services:\n  web: {command: a, environment: [\"=b\"]}\n"),
              HasSubstr("a variable's name can't be empty or hold `=`"));
}

TEST(EnvFile, IsAStringAListOrHasKeys) {
  Loading loading;
  loading.write("1.env", "A=1\n").write("2.env", "B='2'\n");
  EXPECT_THAT(load_environment(loading, "    env_file: 1.env\n"), ElementsAre(Pair("A", "1")));
  EXPECT_THAT(load_environment(loading, "    env_file: [{path: 1.env}, 2.env]\n"),
              ElementsAre(Pair("A", "1"), Pair("B", "2")));
  EXPECT_THAT(load_environment(loading, "    env_file: [{path: 2.env, format: raw}]\n"),
              ElementsAre(Pair("B", "'2'")));
}

TEST(EnvFile, MustExistUnlessItIsNotRequired) {
  Loading loading;
  EXPECT_THAT(load_environment(loading, "    env_file: [{path: none.env, required: false}]\n"),
              IsEmpty());
  EXPECT_THAT(load_bad("services:\n  web: {command: a, env_file: none.env}\n"),
              HasSubstr("pid1.yaml:2:31: error: cannot read none.env: No such file or directory"));
}

TEST(EnvFile, OfAServiceThatIsOffIsNotRead) {
  load_good(
      "services:\n"
      "  web: {command: a}\n"
      "  shell: {command: a, profiles: [debug], env_file: none.env}\n");
}

TEST(EnvFile, SeesVariablesOfEarlierFilesThenOfPid1) {
  Loading loading;
  loading.write("1.env", "A=1\n").write("2.env", "B=${A}${C}${D}\nC=2\n");
  loading.set("A", "own").set("D", "own");
  EXPECT_THAT(load_environment(loading, "    env_file: [1.env, 2.env]\n"),
              ElementsAre(Pair("A", "1"), Pair("B", "1own"), Pair("C", "2")));
}

TEST(EnvFile, HasErrorsWithItsOwnPlaces) {
  Loading loading;
  loading.write("pid1.yaml", "services:\n  web: {command: a, env_file: bad.env}\n")
      .write("bad.env", "A=1\nB='2\n");
  EXPECT_FALSE(loading.load());
  EXPECT_THAT(loading.messages(), HasSubstr("bad.env:2:"));
}

TEST(Interpolation, FillsVariablesIntoValuesButNotIntoKeys) {
  Loading loading;
  loading.set("NAME", "x");
  EXPECT_THAT(load_environment(loading, "    environment: {$NAME: \"$NAME$$\"}\n"),
              ElementsAre(Pair("$NAME", "x$")));
}

TEST(Interpolation, WarnsOnceOfAVariableThatIsUnset) {
  Loading loading;
  EXPECT_THAT(load_environment(loading, "    environment: {A: \"$NONE\", B: \"${NONE}\"}\n"),
              ElementsAre(Pair("A", ""), Pair("B", "")));
  EXPECT_EQ(loading.messages(),
            "pid1.yaml:4:22: warning: the variable `NONE` is not set, it stands for nothing\n"
            "    environment: {A: \"$NONE\", B: \"${NONE}\"}\n"
            "                     ^\n"
            "hint: write ${NONE:-} if that is meant, or $$ for a dollar sign\n");
}

TEST(Interpolation, ReportsARequiredVariableOnceHoweverManyAliasesItHas) {
  const std::string messages = load_bad(
      "x-env: &env\n"
      "  URL: ${URL:?set URL}\n"
      "services:\n"
      "  web: {command: a, environment: *env}\n"
      "  worker: {command: a, environment: *env}\n");
  EXPECT_THAT(messages, HasSubstr("pid1.yaml:2:8: error:"));
  EXPECT_THAT(messages, HasSubstr("set URL"));
  EXPECT_EQ(messages.find("error:"), messages.rfind("error:")) << messages;
}

TEST(Interpolation, DoesNotLookAtWhatAMergeHasOverridden) {
  Loading loading;
  loading.write("pid1.yaml",
                "x-env: &env {URL: \"${URL:?}\"}\n"
                "services:\n"
                "  web: {command: a, environment: {<<: *env, URL: mine}}\n");
  EXPECT_TRUE(loading.load()) << loading.messages();
}

TEST(Interpolation, TurnsIntoValuesOfEveryType) {
  Loading loading;
  loading.set("N", "2").set("TIME", "3s").set("SIG", "HUP").set("YES", "true");
  loading.write("pid1.yaml",
                "services:\n"
                "  web: {command: a, scale: \"${N}\", stop_grace_period: $TIME, "
                "stop_signal: $SIG, init: $YES}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 2u);
  EXPECT_EQ(service_named(*plan, "web-1").stop.signal, 1);
}

TEST(Messages, DoNotShowWhatAVariableHolds) {
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"stop_grace_period", "$SECRET"},
      {"umask", "$SECRET"},
      {"scale", "$SECRET"},
      {"type", "$SECRET"},
      {"stop_signal", "$SECRET"},
      {"restart", "$SECRET"},
      {"init", "$SECRET"},
      {"user", "\"$SECRET::\""},
      {"working_dir", "$SECRET"},
      {"profiles", "[\"-$SECRET\"]"},
      {"depends_on", "[$SECRET]"},
      {"extends", "$SECRET"},
      {"command", "\"'$SECRET\""},
      {"extends", "{service: $SECRET}"},
  };
  for (const auto& [key, value] : bodies) {
    Loading loading;
    std::string text = "services:\n  web: {";
    text.append(key).append(": ").append(value).append("}\n");
    loading.set("SECRET", "hunter2").write("pid1.yaml", text);
    EXPECT_FALSE(loading.load()) << key;
    EXPECT_THAT(loading.messages(), HasSubstr("$SECRET")) << key;
    EXPECT_THAT(loading.messages(), testing::Not(HasSubstr("hunter2"))) << key;
  }
}

}  // namespace
}  // namespace pid1::config
