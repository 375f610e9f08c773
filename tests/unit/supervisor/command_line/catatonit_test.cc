// pid1 by catatonit's name. What catatonit itself does: catatonit 0.1.7, catatonit.c.
#include <gmock/gmock.h>

#include "tests/unit/supervisor/command_line/command_line_test.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Catatonit : public CommandLineTest {
 protected:
  static ProgramOptions usual() { return {.manner = Manner::catatonit}; }
};

TEST_F(Catatonit, HasFlagsThatEachChangeWhatTheySayAndNothingElse) {
  expect_accepted("catatonit", usual(),
                  {
                      {{}, [](auto&) {}},
                      {{"--"}, [](auto&) {}},
                      {{"-g"}, [](auto& o) { o.forward_to = SignalScope::group; }},
                      {{"-P"}, [](auto& o) { o.argv.clear(); }},
                  });
}

TEST_F(Catatonit, PausesWithoutAProgram) {
  EXPECT_TRUE(for_program({"catatonit", "-P"}) == usual());
}

TEST_F(Catatonit, EndsWith1WhereItIsMisused) {
  expect_refused("catatonit", 1,
                 {
                     {{"-x"}, "catatonit: invalid option: -x"},
                     {{"--nonsense"}, "catatonit: invalid option: --nonsense"},
                 });
  for (const auto& words : {Words{"catatonit"}, Words{"/usr/bin/catatonit", "-g", "--"}}) {
    EXPECT_EQ(answered(words).code, 1);
    EXPECT_THAT(answered(words).text, StartsWith("catatonit: missing program name\n"));
  }
}

// podman and dockerd, where it is their init, want tini's form.
TEST_F(Catatonit, AnswersItsVersionAsTiniDoes) {
  for (const char* flag : {"-V", "--version"}) {
    EXPECT_EQ(answered({"catatonit", flag}).code, 0);
    EXPECT_THAT(answered({"catatonit", flag}).text, StartsWith("tini version 0.1.7_catatonit"));
  }
}

TEST_F(Catatonit, AnswersHelpAndLicense) {
  EXPECT_EQ(answered({"catatonit", "-h"}).code, 0);
  EXPECT_THAT(answered({"catatonit", "-h"}).text, HasSubstr("CATATONIT_DEBUG"));
  EXPECT_EQ(answered({"catatonit", "-L"}).code, 0);
}

TEST_F(Catatonit, TakesItsVariable) {
  setenv("CATATONIT_DEBUG", "1", 1);
  EXPECT_EQ(for_program({"catatonit", "app"}).log_level, LogLevel::debug);
}

TEST_F(Catatonit, LeavesTheProgramItsOwnFlags) {
  EXPECT_THAT(for_program({"catatonit", "sh", "-c", "x"}).argv, ElementsAre("sh", "-c", "x"));
}

}  // namespace
}  // namespace pid1::supervisor
