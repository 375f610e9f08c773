// pid1 by dumb-init's name. What dumb-init itself does: dumb-init 1.2.5, dumb-init.c.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/unit/supervisor/command_line/command_line_test.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DumbInit : public CommandLineTest {
 protected:
  static ProgramOptions usual() {
    ProgramOptions options{.manner = Manner::dumb_init,
                           .forward_to = SignalScope::group,
                           .own_session = true,
                           .suspends_itself = true,
                           .leaves_directory = true};
    for (const int signo : {SIGTSTP, SIGTTIN, SIGTTOU}) options.rewrites[at(signo)] = SIGSTOP;
    return options;
  }

  static ProgramOptions of_single_child() {
    return {.manner = Manner::dumb_init, .leaves_directory = true};
  }
};

TEST_F(DumbInit, HasFlagsThatEachChangeWhatTheySayAndNothingElse) {
  const Change single = [](auto& o) {
    const auto argv = o.argv;
    o = of_single_child();
    o.argv = argv;
  };
  expect_accepted("dumb-init", usual(),
                  {
                      {{}, [](auto&) {}},
                      {{"--"}, [](auto&) {}},
                      {{"-c"}, single},
                      {{"--single-child"}, single},
                      {{"-v"}, [](auto& o) { o.log_level = LogLevel::debug; }},
                      {{"--verbose"}, [](auto& o) { o.log_level = LogLevel::debug; }},
                      {{"-r", "15:3"}, [](auto& o) { o.rewrites[at(SIGTERM)] = SIGQUIT; }},
                      {{"--rewrite=TERM:0"}, [](auto& o) { o.rewrites[at(SIGTERM)] = 0; }},
                      {{"--rewrite", "64:SIGHUP"}, [](auto& o) { o.rewrites[64] = SIGHUP; }},
                      {{"-r", "TSTP:0"}, [](auto& o) { o.rewrites[at(SIGTSTP)] = 0; }},
                      {{"-r", "TTIN:HUP"}, [](auto& o) { o.rewrites[at(SIGTTIN)] = SIGHUP; }},
                  });
}

TEST_F(DumbInit, EndsWith1WhereAFlagIsWrong) {
  const std::string rewrite =
      "dumb-init: -r option takes <signum>:<signum>, names or numbers, as in 15:3";
  expect_refused("dumb-init", 1,
                 {
                     {{"-x"}, "dumb-init: invalid option: -x"},
                     {{"--nonsense"}, "dumb-init: invalid option: --nonsense"},
                     {{"-r", "15"}, rewrite},
                     {{"-r", "15:65"}, rewrite},
                     {{"-r", "0:15"}, rewrite},
                     {{"-r", "15:3x"}, rewrite},
                 });
}

TEST_F(DumbInit, EndsWith1AndItsUsageWithoutAProgram) {
  for (const auto& words : {Words{"dumb-init"}, Words{"/usr/bin/dumb-init", "-v", "--"}}) {
    const Answer answer = answered(words);
    EXPECT_EQ(answer.code, 1);
    EXPECT_EQ(answer.stream, Answer::Stream::error);
    EXPECT_THAT(answer.text, HasSubstr("Usage: dumb-init [option] program [args]\n"
                                       "Try dumb-init --help for full usage.\n"));
  }
  EXPECT_THAT(answered({"dumb-init", "-r"}).text,
              HasSubstr("dumb-init: option requires an argument: -r\n"));
}

// As the original has it: scripts capture them from there.
TEST_F(DumbInit, AnswersVersionAndHelpOnStandardError) {
  for (const char* flag : {"-V", "--version", "-h", "--help"}) {
    const Answer answer = answered({"dumb-init", flag});
    EXPECT_EQ(answer.code, 0);
    EXPECT_EQ(answer.stream, Answer::Stream::error);
    EXPECT_THAT(answer.text, HasSubstr("dumb-init v1.2.5"));
  }
}

TEST_F(DumbInit, TakesItsVariables) {
  setenv("DUMB_INIT_DEBUG", "1", 1);
  EXPECT_EQ(for_program({"dumb-init", "app"}).log_level, LogLevel::debug);
  setenv("DUMB_INIT_DEBUG", "0", 1);
  EXPECT_EQ(for_program({"dumb-init", "app"}).log_level, LogLevel::warning);
  setenv("DUMB_INIT_SETSID", "0", 1);
  ProgramOptions expected = of_single_child();
  expected.argv = {"app"};
  EXPECT_TRUE(for_program({"dumb-init", "app"}) == expected);
  setenv("DUMB_INIT_SETSID", "1", 1);
  EXPECT_TRUE(for_program({"dumb-init", "app"}).own_session);
}

TEST_F(DumbInit, LeavesTheProgramItsOwnFlags) {
  EXPECT_THAT(for_program({"dumb-init", "sh", "-c", "x"}).argv, ElementsAre("sh", "-c", "x"));
}

}  // namespace
}  // namespace pid1::supervisor
