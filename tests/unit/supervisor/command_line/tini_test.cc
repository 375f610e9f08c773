// pid1 by tini's names. What tini itself does: tini 0.19, src/tini.c.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/unit/supervisor/command_line/command_line_test.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Tini : public CommandLineTest {
 protected:
  static ProgramOptions usual() { return {.manner = Manner::tini}; }
};

TEST_F(Tini, IsKnownByEachOfItsNames) {
  for (const char* name :
       {"tini", "/sbin/tini", "tini-static", "docker-init", "/sbin/docker-init"}) {
    EXPECT_EQ(for_program({name, "--", "app"}).manner, Manner::tini);
  }
  EXPECT_EQ(for_program({"tinier", "app"}).manner, Manner::pid1);
}

TEST_F(Tini, HasFlagsThatEachChangeWhatTheySayAndNothingElse) {
  expect_accepted("tini", usual(),
                  {
                      {{}, [](auto&) {}},
                      {{"--"}, [](auto&) {}},
                      {{"-s"}, [](auto&) {}},
                      {{"-p", "SIGUSR1"}, [](auto& o) { o.parent_death_signal = SIGUSR1; }},
                      {{"-g"}, [](auto& o) { o.forward_to = SignalScope::group; }},
                      {{"-w"}, [](auto& o) { o.warns_on_reap = true; }},
                      {{"-e", "143", "-e", "0"},
                       [](auto& o) {
                         o.expected_codes = {143, 0};
                       }},
                      {{"-v"}, [](auto& o) { o.log_level = LogLevel::info; }},
                      {{"-vv"}, [](auto& o) { o.log_level = LogLevel::debug; }},
                      {{"-vvvv"}, [](auto& o) { o.log_level = LogLevel::debug; }},
                      {{"-gsw", "--"},
                       [](auto& o) {
                         o.forward_to = SignalScope::group;
                         o.warns_on_reap = true;
                       }},
                  });
}

TEST_F(Tini, EndsWith1WhereAFlagIsWrong) {
  expect_refused("tini", 1,
                 {
                     {{"-x"}, "tini: invalid option -- 'x'"},
                     {{"-gx"}, "tini: invalid option -- 'x'"},
                     {{"-p", "NOPE"}, "tini: Not a valid option for -p: NOPE"},
                     {{"-e", ""}, "tini: Not a valid option for -e: "},
                     {{"-e", "256"}, "tini: Not a valid option for -e: 256"},
                     {{"-e", "x\x1b[2J"}, "tini: Not a valid option for -e: x\\x1b[2J"},
                 });
  EXPECT_THAT(answered({"tini", "-e"}).text,
              StartsWith("tini: option requires an argument -- 'e'\n"));
  EXPECT_EQ(answered({"tini", "-e"}).code, 1);
}

TEST_F(Tini, EndsWith1WithoutAProgram) {
  for (const auto& words : {Words{"tini"}, Words{"tini", "--"}, Words{"tini", "-g"}}) {
    EXPECT_EQ(answered(words).code, 1);
    EXPECT_EQ(answered(words).stream, Answer::Stream::error);
  }
}

TEST_F(Tini, AnswersTheVersionThatDockerdLooksFor) {
  for (const char* name : {"tini", "docker-init"}) {
    const Answer answer = answered({name, "--version"});
    EXPECT_EQ(answer.code, 0);
    EXPECT_EQ(answer.stream, Answer::Stream::output);
    EXPECT_THAT(answer.text, StartsWith("tini version 0.19.0"));
  }
}

TEST_F(Tini, AnswersHelpAndLicense) {
  EXPECT_EQ(answered({"tini", "-h"}).code, 0);
  EXPECT_THAT(answered({"tini", "-h"}).text, HasSubstr("TINI_KILL_PROCESS_GROUP"));
  EXPECT_EQ(answered({"tini", "-l"}).code, 0);
}

TEST_F(Tini, LeavesTheProgramItsOwnFlags) {
  EXPECT_THAT(for_program({"tini", "sh", "-c", "x"}).argv, ElementsAre("sh", "-c", "x"));
  EXPECT_THAT(for_program({"tini", "app", "--version"}).argv, ElementsAre("app", "--version"));
}

TEST_F(Tini, TakesItsVariables) {
  setenv("TINI_SUBREAPER", "", 1);
  EXPECT_EQ(for_program({"tini", "app"}).forward_to, SignalScope::process);
  setenv("TINI_KILL_PROCESS_GROUP", "", 1);
  EXPECT_EQ(for_program({"tini", "app"}).forward_to, SignalScope::group);
}

TEST_F(Tini, AddsItsFlagsToTheVerbosityOfItsVariable) {
  struct Case {
    const char* variable;
    const char* flag;
    LogLevel level;
  };
  for (const auto& [variable, flag, level] :
       {Case{"0", "--", LogLevel::error}, Case{"1", "--", LogLevel::warning},
        Case{"2", "--", LogLevel::info}, Case{"3", "--", LogLevel::debug},
        Case{"9", "--", LogLevel::debug}, Case{"0", "-v", LogLevel::warning},
        Case{"-1", "-v", LogLevel::error}, Case{"1", "-v", LogLevel::info}}) {
    setenv("TINI_VERBOSITY", variable, 1);
    EXPECT_EQ(for_program({"tini", flag, "app"}).log_level, level) << variable << ' ' << flag;
  }
}

TEST_F(Tini, KnowsNoVariableOfPid1) {
  setenv("PID1_LOG_LEVEL", "debug", 1);
  EXPECT_EQ(for_program({"tini", "app"}).log_level, LogLevel::warning);
}

}  // namespace
}  // namespace pid1::supervisor
