// pid1 in the place of tini, docker-init, dumb-init and catatonit: what scripts and engines see.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <regex>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

struct End {
  int code = 0;
  std::string err;
  std::string out;
};

End end_of(const Container& container) {
  Pid1 pid1(container);
  const int code = pid1.wait();
  EXPECT_EQ(pid1.events().size(), 0u);
  return {code, pid1.err(), pid1.out()};
}

const std::map<std::string, std::string> kFiles = {{"plain", "#!/bin/sh\n"}};
const std::map<std::string, std::string> kPrograms = {
    {"no-interpreter", "#!/nowhere/python\n"},
    {"no-shebang", "exit 6\n"},
    {"foreign",
     "\x7f"
     "ELF for another machine"},
};

End refuse(const std::string& name, const std::string& program) {
  return end_of({.args = {program}, .files = kFiles, .programs = kPrograms, .argv0 = name});
}

TEST(AProgramThatCannotBeRun, IsToldInOneLineWithACode) {
  struct Case {
    std::string name;
    std::string program;
    int code;
    std::string line;  // a regular expression
  };
  const Case cases[] = {
      {"pid1", "nothing-there", 127,
       "pid1: cannot run nothing-there: program not found in PATH \\(/mnt/bin:/usr/bin:/bin\\)"},
      {"pid1", "/nowhere/app", 127, "pid1: cannot run /nowhere/app: program not found"},
      {"pid1", "/usr", 126, "pid1: cannot run /usr: /usr is a directory"},
      {"pid1", "./plain", 126,
       "pid1: cannot run \\./plain: \\./plain is not executable \\(chmod \\+x\\)"},
      {"pid1", "./no-interpreter", 127,
       "pid1: cannot run \\./no-interpreter: its interpreter /nowhere/python is missing"},
      {"pid1", "./foreign", 126, "pid1: cannot run \\./foreign: not a program.*"},
      {"tini", "nothing-there", 127,
       "\\[FATAL tini \\(1\\)\\] exec nothing-there failed: No such file or directory"},
      {"docker-init", "nothing-there", 127,
       "\\[FATAL tini \\(1\\)\\] exec nothing-there failed: No such file or directory"},
      {"tini", "/usr", 126, "\\[FATAL tini \\(1\\)\\] exec /usr failed: Permission denied"},
      {"tini", "./plain", 126, "\\[FATAL tini \\(1\\)\\] exec \\./plain failed: Permission denied"},
      {"dumb-init", "nothing-there", 2, "\\[dumb-init\\] nothing-there: No such file or directory"},
      {"dumb-init", "./plain", 2, "\\[dumb-init\\] \\./plain: Permission denied"},
      {"catatonit", "nothing-there", 1,
       "ERROR \\(catatonit:1\\): failed to exec pid1: No such file or directory: nothing-there"},
      {"catatonit", "./plain", 1,
       "ERROR \\(catatonit:1\\): failed to exec pid1: Permission denied: \\./plain"},
  };
  for (const auto& [name, program, code, line] : cases) {
    const End end = refuse(name, program);
    EXPECT_EQ(end.code, code) << name << ' ' << program;
    EXPECT_TRUE(std::regex_match(end.err, std::regex(line + "\n"))) << end.err;
    EXPECT_EQ(end.out, "");
  }
}

TEST(ASystemWithTooFewDescriptors, IsToldInOneLineWithACode) {
  struct Case {
    std::string name;
    int code;
    std::string begin;
  };
  const Case cases[] = {
      {"pid1", 71, "pid1: cannot begin: "},
      {"tini", 1, "[FATAL tini (1)] cannot begin: "},
      {"docker-init", 1, "[FATAL tini (1)] cannot begin: "},
      {"dumb-init", 1, "[dumb-init] cannot begin: "},
      {"catatonit", 1, "ERROR (catatonit:1): cannot begin: "},
  };
  for (const auto& [name, code, begin] : cases) {
    const End end = end_of({.args = {"true"}, .argv0 = name, .limits = {{RLIMIT_NOFILE, 6}}});
    EXPECT_EQ(end.code, code) << name;
    EXPECT_TRUE(end.err.starts_with(begin)) << end.err;
    EXPECT_EQ(end.err.find('\n'), end.err.size() - 1);
  }
}

TEST(SevenDescriptors, AreEnoughForAllOfAProgramsLife) {
  Pid1 pid1(Container{.args = {"probe", "web", "fork=child", "begin", "end", "on=TERM:4"},
                      .argv0 = "tini",
                      .limits = {{RLIMIT_NOFILE, 7}}});
  pid1.expect_all({reported("web", "running"), reported("child", "running")});
  pid1.signal(SIGTERM);
  pid1.expect(exiting("child", 0));
  EXPECT_EQ(pid1.wait(), 4);
  EXPECT_EQ(pid1.err(), "");
}

TEST(AFileWithoutAShebang, RunsThroughTheShell) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    const End end = refuse(name, "./no-shebang");
    EXPECT_EQ(end.code, 6) << end.err;
    EXPECT_EQ(end.err, "");
  }
}

TEST(ADirectoryThatIsNotThere, IsToldInOneLineWithACode) {
  const End end = end_of({.args = {"-C", "/nowhere", "true"}});
  EXPECT_EQ(end.code, 126);
  EXPECT_EQ(end.err, "pid1: cannot change to /nowhere: No such file or directory\n");
}

TEST(AUserThatIsUnknown, IsToldInOneLineWithACode) {
  const End end = end_of({.args = {"-u", "nobody-of-that-name", "true"}});
  EXPECT_EQ(end.code, 126);
  EXPECT_NE(end.err.find("nobody-of-that-name"), std::string::npos) << end.err;
  EXPECT_EQ(end.err.find('\n'), end.err.size() - 1);
}

TEST(BadUsage, HasTheCodeOfEachInit) {
  EXPECT_EQ(end_of({.args = {"--nonsense", "true"}}).code, 64);
  EXPECT_EQ(end_of({.args = {"-e", "", "true"}}).code, 64);
  for (const char* name : {"tini", "docker-init", "dumb-init", "catatonit"}) {
    EXPECT_EQ(end_of({.args = {"-Z", "true"}, .argv0 = name}).code, 1);
    EXPECT_EQ(end_of({.args = {}, .argv0 = name}).code, 1);
  }
}

// moby: daemon/info_unix.go, parseInitVersion.
TEST(TheVersion, IsOneThatDockerdUnderstands) {
  for (const char* name : {"docker-init", "tini", "catatonit"}) {
    const End end = end_of({.args = {"--version"}, .argv0 = name});
    EXPECT_EQ(end.code, 0);
    EXPECT_TRUE(std::regex_search(end.out, std::regex("^tini version [0-9.]+"))) << end.out;
  }
}

TEST(TheProgramsOwnFlags, AreLeftToItWithoutTwoDashes) {
  for (const char* name : {"pid1", "tini", "dumb-init", "catatonit"}) {
    EXPECT_EQ(end_of({.args = {"sh", "-c", "exit 6"}, .argv0 = name}).code, 6);
    EXPECT_EQ(end_of({.args = {"--", "sh", "-c", "exit 6"}, .argv0 = name}).code, 6);
  }
}

TEST(TheName, IsThatBehindTheLastSlash) {
  Pid1 pid1(Container{.args = {"probe", "web"}, .argv0 = "/usr/bin/dumb-init"});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["sid"], start["pid"]);
}

TEST(TheVariables, OfEachNameAreTaken) {
  Pid1 tini(Container{.args = {"probe", "web", "fork=child", "begin", "end"},
                      .environment = {{"TINI_KILL_PROCESS_GROUP", "1"}},
                      .argv0 = "tini"});
  tini.expect_all({reported("web", "running"), reported("child", "running")});
  tini.signal(SIGHUP);
  tini.expect_all({received("web", SIGHUP), received("child", SIGHUP)});

  Pid1 dumb(Container{.args = {"probe", "web"},
                      .environment = {{"DUMB_INIT_SETSID", "0"}, {"DUMB_INIT_DEBUG", "1"}},
                      .argv0 = "dumb-init"});
  EXPECT_EQ(dumb.expect(started("web"))["sid"], "1");
  dumb.expect_log("[dumb-init] ");

  Pid1 catatonit(Container{
      .args = {"probe", "web"}, .environment = {{"CATATONIT_DEBUG", "1"}}, .argv0 = "catatonit"});
  catatonit.expect_log("(catatonit:1): ");
}

}  // namespace

}  // namespace pid1::testing
