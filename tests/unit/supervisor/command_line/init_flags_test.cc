// pid1 by its own name, with one program.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/unit/supervisor/command_line/command_line_test.h"

namespace pid1::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InitFlags : public CommandLineTest {};

TEST_F(InitFlags, EachChangeWhatTheySayAndNothingElse) {
  expect_accepted(
      "pid1", ProgramOptions{},
      {
          {{}, [](auto&) {}},
          {{"--"}, [](auto&) {}},
          {{"-g"}, [](auto& o) { o.forward_to = SignalScope::group; }},
          {{"--group"}, [](auto& o) { o.forward_to = SignalScope::group; }},
          {{"-g", "-c"}, [](auto&) {}},
          {{"--single-child"}, [](auto&) {}},
          {{"-s"}, [](auto&) {}},
          {{"--subreaper"}, [](auto&) {}},
          {{"-p", "TERM"}, [](auto& o) { o.parent_death_signal = SIGTERM; }},
          {{"--parent-death-signal=9"}, [](auto& o) { o.parent_death_signal = SIGKILL; }},
          {{"-r", "TERM:QUIT"}, [](auto& o) { o.rewrites[at(SIGTERM)] = SIGQUIT; }},
          {{"-r15:3", "--rewrite", "sigrtmin+1:64"},
           [](auto& o) {
             o.rewrites[at(SIGTERM)] = SIGQUIT;
             o.rewrites[35] = 64;
           }},
          {{"-r", "HUP:0"}, [](auto& o) { o.rewrites[at(SIGHUP)] = 0; }},
          {{"-e", "143"}, [](auto& o) { o.expected_codes = {143}; }},
          {{"-e", "0", "-e", "3,255"},
           [](auto& o) {
             o.expected_codes = {0, 3, 255};
           }},
          {{"--expect-exit=128+15"}, [](auto& o) { o.expected_codes = {143}; }},
          {{"-e", "128+KILL,1"},
           [](auto& o) {
             o.expected_codes = {137, 1};
           }},
          {{"-w"}, [](auto& o) { o.warns_on_reap = true; }},
          {{"--warn-on-reap"}, [](auto& o) { o.warns_on_reap = true; }},
          {{"-t", "1m30s"}, [](auto& o) { o.grace = seconds(90); }},
          {{"--timeout", "250ms"}, [](auto& o) { o.grace = milliseconds(250); }},
          {{"-t0"}, [](auto& o) { o.grace = seconds(0); }},
          {{"--wait-all"}, [](auto& o) { o.awaits_all = true; }},
          {{"-C", "/srv"}, [](auto& o) { o.working_dir = "/srv"; }},
          {{"--workdir=/srv"}, [](auto& o) { o.working_dir = "/srv"; }},
          {{"-E", "A=b=c", "--env", "E="},
           [](auto& o) {
             o.environment = {{"A", "b=c"}, {"E", ""}};
           }},
          {{"-u", "web"},
           [](auto& o) {
             o.user = UserSpec{"web", std::nullopt};
           }},
          {{"--user=10:staff"},
           [](auto& o) {
             o.user = UserSpec{"10", "staff"};
           }},
          {{"-v"}, [](auto& o) { o.log_level = LogLevel::info; }},
          {{"-vv"}, [](auto& o) { o.log_level = LogLevel::debug; }},
          {{"-v", "--verbose", "-v"}, [](auto& o) { o.log_level = LogLevel::debug; }},
          {{"-q"}, [](auto& o) { o.log_level = LogLevel::error; }},
          {{"--quiet"}, [](auto& o) { o.log_level = LogLevel::error; }},
          {{"--log-level", "debug"}, [](auto& o) { o.log_level = LogLevel::debug; }},
          {{"-gw", "-vt1s"},
           [](auto& o) {
             o.forward_to = SignalScope::group;
             o.warns_on_reap = true;
             o.log_level = LogLevel::info;
             o.grace = seconds(1);
           }},
      });
}

TEST_F(InitFlags, ThatAreWrongSayWhatIsExpected) {
  expect_refused(
      "pid1", 64,
      {
          {{"-x"}, "pid1: unknown flag -x"},
          {{"-gx"}, "pid1: unknown flag -x"},
          {{"--nonsense=1"}, "pid1: unknown flag --nonsense"},
          {{"-p", "NOPE"}, "pid1: -p needs a signal's name or number, as in SIGTERM"},
          {{"-p0"}, "pid1: -p needs a signal's name or number, as in SIGTERM"},
          {{"-r", "TERM"},
           "pid1: -r needs FROM:TO, signals' names or numbers, as in TERM:QUIT; TO may be 0, FROM "
           "not KILL, STOP or CHLD"},
          {{"--rewrite", "65:1"},
           "pid1: --rewrite needs FROM:TO, signals' names or numbers, as in TERM:QUIT; TO may be "
           "0, FROM not KILL, STOP or CHLD"},
          {{"-e", ""}, "pid1: -e needs exit codes 0 to 255, as in 143 or 3,128+15"},
          {{"--expect-exit=256"},
           "pid1: --expect-exit needs exit codes 0 to 255, as in 143 or 3,128+15"},
          {{"-t", "soon"}, "pid1: -t needs a duration, as in 5s, 500ms or 0"},
          {{"-t", "-1s"}, "pid1: -t needs a duration, as in 5s, 500ms or 0"},
          {{"-E", "NAME"}, "pid1: -E needs NAME=VALUE"},
          {{"--env", "=x"}, "pid1: --env needs NAME=VALUE"},
          {{"-u", ""}, "pid1: -u needs a user's name or number, or USER:GROUP"},
          {{"-u", "web:"}, "pid1: -u needs a user's name or number, or USER:GROUP"},
          {{"--log-level=loud"}, "pid1: --log-level is debug, info, warning or error"},
          {{"-P"}, "pid1: --pause runs no program; give the one or the other"},
          {{"--config", "f", "-g"}, "pid1: -g is for one program alone, without --config"},
          {{"-E", "A=b", "--check"}, "pid1: -E is for one program alone, without --check"},
      });
}

TEST_F(InitFlags, ThatNeedAValueSayWhenTheyAreTheLast) {
  for (const char* flag : {"-p", "-r", "-e", "-t", "-C", "-E", "-u", "-f", "--timeout", "--rewrite",
                           "--config", "--log-level"}) {
    const Answer answer = answered({"pid1", flag});
    EXPECT_EQ(answer.code, 64);
    EXPECT_THAT(answer.text, HasSubstr("pid1: " + std::string(flag) + " needs a value\n"));
  }
}

TEST_F(InitFlags, OfOneProgramAreRefusedWithoutOne) {
  for (const char* flag : {"-g", "-c", "-s", "-w", "--wait-all"}) {
    const Answer answer = answered({"pid1", flag});
    EXPECT_EQ(answer.code, 64);
    EXPECT_THAT(answer.text, HasSubstr(std::string(flag) + " is for one program"));
  }
}

// `pid1 -- $CMD` with CMD empty isn't about services.
TEST_F(InitFlags, ThatEndInDashesWantAProgram) {
  for (const Words& words : {Words{"pid1", "--"},
                             {"pid1", "-g", "--"},
                             {"pid1", "-v", "--"},
                             {"pid1", "-C", "--", "--"}}) {
    const Answer answer = answered(words);
    EXPECT_EQ(answer.code, 64);
    EXPECT_THAT(answer.text, HasSubstr("pid1: there is no program behind --\n"));
  }
  EXPECT_TRUE(for_program({"pid1", "--pause", "--"}).argv.empty());
  EXPECT_EQ(for_services({"pid1", "--config", "--"}).config, "--");
}

TEST_F(InitFlags, EndAtTheFirstWordThatIsNone) {
  EXPECT_THAT(for_program({"pid1", "sh", "-c", "x"}).argv, ElementsAre("sh", "-c", "x"));
  EXPECT_THAT(for_program({"pid1", "-g", "sh", "-g"}).argv, ElementsAre("sh", "-g"));
  EXPECT_THAT(for_program({"pid1", "--", "-odd"}).argv, ElementsAre("-odd"));
  EXPECT_THAT(for_program({"pid1", "-", "x"}).argv, ElementsAre("-", "x"));
  EXPECT_THAT(for_program({"pid1", "app", "--", "--help"}).argv,
              ElementsAre("app", "--", "--help"));
}

TEST_F(InitFlags, OfPauseRunNoProgram) {
  for (const char* flag : {"-P", "--pause"}) {
    EXPECT_TRUE(for_program({"pid1", flag}) == ProgramOptions{});
  }
}

TEST_F(InitFlags, WinOverTheirVariables) {
  setenv("PID1_LOG_LEVEL", "error", 1);
  EXPECT_EQ(for_program({"pid1", "app"}).log_level, LogLevel::error);
  EXPECT_EQ(for_program({"pid1", "--log-level=info", "app"}).log_level, LogLevel::info);
  setenv("PID1_LOG_LEVEL", "", 1);
  EXPECT_EQ(for_program({"pid1", "app"}).log_level, LogLevel::warning);
  setenv("PID1_TERMINATION_LOG", "/words", 1);
  EXPECT_EQ(for_program({"pid1", "app"}).termination_log, "/words");
}

}  // namespace
}  // namespace pid1::supervisor
