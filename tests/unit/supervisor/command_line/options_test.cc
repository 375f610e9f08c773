#include "supervisor/command_line/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/supervisor/command_line/command_line_test.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OptionsTest : public CommandLineTest {};

TEST_F(OptionsTest, SuperviseTheServicesOfEtcPid1YamlByDefault) {
  const Options options = for_services({"/sbin/pid1"});
  EXPECT_EQ(options.mode, Mode::supervise);
  EXPECT_EQ(options.config, "/etc/pid1.yaml");
}

TEST_F(OptionsTest, PreferAFlagToItsVariable) {
  setenv("PID1_CONFIG", "/from/variable", 1);
  EXPECT_EQ(for_services({"pid1"}).config, "/from/variable");
  EXPECT_EQ(for_services({"pid1", "--config", "/from/flag"}).config, "/from/flag");
}

TEST_F(OptionsTest, RunAProgramBesideTheServicesOfAFile) {
  EXPECT_THAT(for_services({"pid1", "--config", "f", "sh", "-c", "x"}).program,
              ElementsAre("sh", "-c", "x"));
  EXPECT_THAT(for_services({"pid1", "-f", "f", "-v", "--", "-odd"}).program, ElementsAre("-odd"));
  const Options check = for_services({"pid1", "--check", "--", "sh"});
  EXPECT_EQ(check.mode, Mode::check);
  EXPECT_THAT(check.program, ElementsAre("sh"));
  EXPECT_TRUE(for_services({"pid1", "--config", "f", "--"}).program.empty());
}

TEST_F(OptionsTest, RunOneProgramWhereAVariableAloneNamesAFile) {
  setenv("PID1_CONFIG", "/from/variable", 1);
  EXPECT_THAT(for_program({"pid1", "sh"}).argv, ElementsAre("sh"));
}

TEST_F(OptionsTest, RefuseAPauseBesideServices) {
  EXPECT_THAT(answered({"pid1", "--config", "f", "--pause"}).text,
              HasSubstr("--pause is for one program alone, without --config"));
}

TEST_F(OptionsTest, SplitTheProfilesAtCommas) {
  setenv("PID1_PROFILES", "dev,,debug,", 1);
  EXPECT_THAT(for_services({"pid1"}).profiles, ElementsAre("dev", "debug"));
}

TEST_F(OptionsTest, RefuseAnUnknownFlagWithTheCodeOfBadUsage) {
  const Answer answer = answered({"pid1", "--nonsense"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.text, HasSubstr("--nonsense"));
}

TEST_F(OptionsTest, PrintNoControlCharacterOfAnArgument) {
  EXPECT_EQ(answered({"pid1", "--x\x1b[2J"}).text.find('\x1b'), std::string::npos);
}

TEST_F(OptionsTest, SayOfAPlannedCommandThatItIsNotSupportedYet) {
  const Answer answer = answered({"pid1ctl", "status"});
  EXPECT_EQ(answer.code, 64);
  EXPECT_THAT(answer.text, HasSubstr("pid1ctl: status is not supported yet"));
}

TEST_F(OptionsTest, RefuseALogLevelThatIsNone) {
  EXPECT_EQ(answered({"pid1", "--log-level", "loud"}).code, 64);
  setenv("PID1_LOG_LEVEL", "loud", 1);
  EXPECT_EQ(answered({"pid1"}).code, 64);
}

TEST_F(OptionsTest, AnswerVersionAndHelpWithSuccess) {
  EXPECT_THAT(answered({"pid1", "--version"}).text, HasSubstr("pid1 "));
  EXPECT_EQ(answered({"pid1", "--help"}).code, 0);
  EXPECT_THAT(answered({"pid1", "--help"}).text, HasSubstr("--config"));
}

TEST_F(OptionsTest, KnowTheControlToolByItsName) {
  const Options check = for_services({"/usr/bin/pid1ctl", "check", "file.yaml"});
  EXPECT_EQ(check.mode, Mode::check);
  EXPECT_EQ(check.config, "file.yaml");
  const Options config = for_services({"pid1ctl", "config", "--json"});
  EXPECT_EQ(config.mode, Mode::show_config);
  EXPECT_TRUE(config.json);
  EXPECT_EQ(answered({"pid1ctl"}).code, 64);
}

TEST_F(OptionsTest, TakeWhatHappensInASimulation) {
  const Options options =
      for_services({"pid1ctl", "simulate", "--fail", "web@30s:3", "--fail", "a@b@1m", "--unhealthy",
                    "db@5s", "--ready", "db@2s", "--deaf", "web", "--until", "1h", "--seed", "7"});
  EXPECT_EQ(options.mode, Mode::simulate);
  const auto& happenings = options.simulation.happenings;
  ASSERT_EQ(happenings.size(), 4u);
  EXPECT_EQ(happenings[0].service, "web");
  EXPECT_EQ(happenings[0].at, std::chrono::seconds(30));
  EXPECT_EQ(happenings[0].code, 3);
  EXPECT_EQ(happenings[1].service, "a@b");
  EXPECT_EQ(happenings[1].code, 1);
  EXPECT_EQ(happenings[2].kind, Incident::Kind::becomes_unhealthy);
  EXPECT_EQ(happenings[3].kind, Incident::Kind::becomes_ready);
  EXPECT_EQ(options.simulation.deaf, std::vector<std::string>{"web"});
  EXPECT_EQ(options.simulation.until, std::chrono::hours(1));
  EXPECT_EQ(options.simulation.stop_at, std::nullopt);
  EXPECT_EQ(options.simulation.seed, 7u);
}

TEST_F(OptionsTest, RefuseWhatCannotHappenInASimulation) {
  for (const char* word : {"web", "web@", "@1s", "web@soon", "web@1s:256", "web@1s:"}) {
    EXPECT_EQ(answered({"pid1ctl", "simulate", "--fail", word}).code, 64) << word;
  }
  EXPECT_EQ(answered({"pid1ctl", "simulate", "--unhealthy", "web@1s:3"}).code, 64);
  EXPECT_EQ(answered({"pid1ctl", "simulate", "--until", "soon"}).code, 64);
  for (const char* word : {"-1", "18446744073709551616", "1x", ""}) {
    EXPECT_EQ(answered({"pid1ctl", "simulate", "--seed", word}).code, 64) << word;
  }
}

}  // namespace
}  // namespace pid1::supervisor
