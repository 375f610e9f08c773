#include "supervisor/manners.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace pid1::supervisor {
namespace {

using system::SpawnError;
using system::SpawnRequest;
using system::SpawnStep;

struct Case {
  Manner manner;
  SpawnError error;
  int code;
  std::string message;
};

LaunchError told(Manner manner, const SpawnError& error, const char* program = "app") {
  const std::array<const char*, 2> argv = {program, nullptr};
  const std::array<const char*, 2> environment = {"PATH=/a:/b", nullptr};
  return explainer_of(manner)(error, SpawnRequest{.argv = argv, .environment = environment});
}

TEST(AProgramThatCannotBeRun, EndsTheInitAsEachOfThemDoes) {
  for (const auto& [manner, error, code, message] : {
           Case{Manner::pid1,
                {SpawnStep::exec, ENOENT},
                127,
                "cannot run app: program not found in PATH (/a:/b)"},
           Case{Manner::tini,
                {SpawnStep::exec, ENOENT},
                127,
                "exec app failed: No such file or directory"},
           Case{Manner::tini, {SpawnStep::exec, EACCES}, 126, "exec app failed: Permission denied"},
           Case{Manner::tini, {SpawnStep::exec, ENOEXEC}, 1, "exec app failed: Exec format error"},
           Case{Manner::dumb_init, {SpawnStep::exec, ENOENT}, 2, "app: No such file or directory"},
           Case{Manner::dumb_init, {SpawnStep::exec, EACCES}, 2, "app: Permission denied"},
           Case{Manner::catatonit,
                {SpawnStep::exec, ENOENT},
                1,
                "failed to exec pid1: No such file or directory: app"},
           Case{Manner::catatonit,
                {SpawnStep::exec, EACCES},
                1,
                "failed to exec pid1: Permission denied: app"},
       }) {
    const LaunchError error_told = told(manner, error);
    EXPECT_EQ(error_told.code, code) << message;
    EXPECT_EQ(error_told.message, message);
  }
}

TEST(AProcessThatIsRefused, IsNotSaidToBeTheProgramsFault) {
  for (const Manner manner : {Manner::tini, Manner::dumb_init, Manner::catatonit}) {
    const LaunchError error = told(manner, {SpawnStep::process, EAGAIN});
    EXPECT_EQ(error.code, 1);
    EXPECT_EQ(error.message, "cannot create a process: Resource temporarily unavailable");
  }
}

TEST(ASystemThatLacksWhatItTakes, EndsTheInitAsEachOfThemDoes) {
  EXPECT_EQ(own_failure_code(Manner::pid1), 71);
  EXPECT_EQ(own_failure_code(Manner::tini), 1);
  EXPECT_EQ(own_failure_code(Manner::dumb_init), 1);
  EXPECT_EQ(own_failure_code(Manner::catatonit), 1);
}

TEST(AProgramThatCannotBeRun, IsNamedWithoutItsControlCharacters) {
  for (const Manner manner : {Manner::pid1, Manner::tini, Manner::dumb_init, Manner::catatonit}) {
    const LaunchError error = told(manner, {SpawnStep::exec, ENOENT}, "a\x1b[2J\nb");
    EXPECT_EQ(error.message.find_first_of("\x1b\n"), std::string::npos) << error.message;
  }
}

TEST(AnInitsOwnLines, AreMarkedAsEachOfThemMarksThem) {
  const std::string pid = std::to_string(getpid());
  EXPECT_EQ(prefixes_of(Manner::pid1), own_prefixes());
  EXPECT_EQ(prefixes_of(Manner::tini),
            (LogPrefixes{"[DEBUG tini (" + pid + ")] ", "[INFO  tini (" + pid + ")] ",
                         "[WARN  tini (" + pid + ")] ", "[FATAL tini (" + pid + ")] "}));
  EXPECT_EQ(prefixes_of(Manner::dumb_init),
            (LogPrefixes{"[dumb-init] ", "[dumb-init] ", "[dumb-init] ", "[dumb-init] "}));
  EXPECT_EQ(prefixes_of(Manner::catatonit),
            (LogPrefixes{"DEBUG (catatonit:" + pid + "): ", "INFO (catatonit:" + pid + "): ",
                         "WARN (catatonit:" + pid + "): ", "ERROR (catatonit:" + pid + "): "}));
}

}  // namespace
}  // namespace pid1::supervisor
