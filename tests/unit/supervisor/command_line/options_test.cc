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

}  // namespace
}  // namespace pid1::supervisor
