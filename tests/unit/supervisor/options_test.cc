#include "supervisor/command_line/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OptionsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name :
         {"PID1_CONFIG", "PID1_PROFILES", "PID1_LOG_LEVEL", "PID1_TERMINATION_LOG"})
      unsetenv(name);
  }

  static Request parse(std::vector<const char*> words) {
    return parse_command_line(static_cast<int>(words.size()), words.data());
  }
  static Options accepted(std::vector<const char*> words) {
    return std::get<Options>(parse(std::move(words)));
  }
  static Answer answered(std::vector<const char*> words) {
    return std::get<Answer>(parse(std::move(words)));
  }
};

TEST_F(OptionsTest, SuperviseTheServicesOfEtcPid1YamlByDefault) {
  const Options options = accepted({"/sbin/pid1"});
  EXPECT_EQ(options.mode, Mode::supervise);
  EXPECT_EQ(options.config, "/etc/pid1.yaml");
}

TEST_F(OptionsTest, PreferAFlagToItsVariable) {
  setenv("PID1_CONFIG", "/from/variable", 1);
  EXPECT_EQ(accepted({"pid1"}).config, "/from/variable");
  EXPECT_EQ(accepted({"pid1", "--config", "/from/flag"}).config, "/from/flag");
}

TEST_F(OptionsTest, SplitTheProfilesAtCommas) {
  setenv("PID1_PROFILES", "dev,,debug,", 1);
  EXPECT_THAT(accepted({"pid1"}).profiles, ElementsAre("dev", "debug"));
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
  const Options check = accepted({"/usr/bin/pid1ctl", "check", "file.yaml"});
  EXPECT_EQ(check.mode, Mode::check);
  EXPECT_EQ(check.config, "file.yaml");
  const Options config = accepted({"pid1ctl", "config", "--json"});
  EXPECT_EQ(config.mode, Mode::show_config);
  EXPECT_TRUE(config.json);
  EXPECT_EQ(answered({"pid1ctl"}).code, 64);
}

}  // namespace
}  // namespace pid1::supervisor
