#include "supervisor/system/spawn_error.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "supervisor/system/spawner.h"
#include "supervisor/system/text.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::in_pid_namespace;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr std::uint32_t nobody = 65534;

class SpawnErrors : public ::testing::Test {
 protected:
  std::string explain(const std::string& program, SpawnRequest request = {}) {
    Spawner spawner({});
    const StringList argv{program};
    const StringList environment{"PATH=/nonexistent:" + directory_.path()};
    request.argv = argv.span();
    request.environment = environment.span();
    const SpawnResult result = spawner.spawn(request);
    if (const auto* const error = std::get_if<SpawnError>(&result)) {
      return describe(*error, request);
    }
    await_end(std::get<std::int32_t>(result));
    return "it was started";
  }

  std::string file(const std::string& name, const std::string& text, unsigned mode = 0755) {
    write_file(directory_ / name, text, mode);
    return directory_ / name;
  }

  const TemporaryDirectory directory_;
};

TEST_F(SpawnErrors, SayThatAProgramWasNotFoundAndWhere) {
  EXPECT_EQ(explain("tool"),
            "cannot run tool: program not found in PATH (/nonexistent:" + directory_.path() + ")");
  EXPECT_EQ(explain("/nonexistent/tool"), "cannot run /nonexistent/tool: program not found");
}

TEST_F(SpawnErrors, ShowThatAProgramsNameIsEmpty) {
  EXPECT_EQ(explain("").find("cannot run \"\": program not found"), 0u);
}

TEST_F(SpawnErrors, SayThatTheInterpreterOfAScriptIsMissing) {
  file("script", "#! /missing/bin/foo -x\necho\n");
  EXPECT_EQ(explain("script"), "cannot run script: its interpreter /missing/bin/foo is missing");
  EXPECT_EQ(explain("./script", {.working_dir = directory_.path().c_str()}),
            "cannot run ./script: its interpreter /missing/bin/foo is missing");
}

TEST_F(SpawnErrors, SayThatTheLoaderOfADynamicProgramIsMissing) {
  std::stringstream program;
  program << std::ifstream("/bin/true").rdbuf();
  std::string text = program.str();
  const std::size_t loader = text.find("ld-linux");
  ASSERT_NE(loader, std::string::npos);
  text[loader] = 'X';
  file("dynamic", text);
  const std::string explanation = explain("dynamic");
  EXPECT_TRUE(explanation.starts_with("cannot run dynamic: its interpreter /lib")) << explanation;
  EXPECT_NE(explanation.find("/Xd-linux"), std::string::npos) << explanation;
}

TEST_F(SpawnErrors, SayWhyAProgramMayNotBeRun) {
  const std::string plain = file("plain", "#!/bin/sh\n", 0644);
  EXPECT_EQ(explain("plain"), "cannot run plain: " + plain + " is not executable (chmod +x)");
  EXPECT_EQ(explain(directory_.path()),
            "cannot run " + directory_.path() + ": " + directory_.path() + " is a directory");
  const std::string script = file("script", "#!" + plain + "\n");
  EXPECT_EQ(explain("script"),
            "cannot run script: permission denied for " + script + " or its interpreter " + plain);
}

TEST_F(SpawnErrors, SayThatAFilesystemIsMountedNoexec) {
  in_pid_namespace([&] {
    ASSERT_EQ(mount("none", directory_.path().c_str(), "tmpfs", MS_NOEXEC, nullptr), 0);
    const std::string script = file("script", "#!/bin/sh\n");
    EXPECT_EQ(explain("script"),
              "cannot run script: " + script + " is on a filesystem mounted noexec");
  });
}

TEST_F(SpawnErrors, SayThatTheKernelDoesNotKnowTheFormat) {
  file("headless", "echo\n");
  EXPECT_EQ(explain("headless"),
            "cannot run headless: not a program that the kernel can run (no #! line? built for "
            "another machine?)");
}

TEST_F(SpawnErrors, NameTheDirectory) {
  EXPECT_EQ(explain("tool", {.working_dir = "/no\nwhere"}),
            "cannot change to /no\\x0awhere: No such file or directory");
}

TEST_F(SpawnErrors, NameTheUserAndTheGroup) {
  in_child([&] {
    if (geteuid() == 0) {
      ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
      ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    }
    Credentials other;
    other = {.uid = 1000, .gid = getgid(), .groups = {}};
    const std::string user = explain("tool", {.credentials = &other});
    other = {.uid = getuid(), .gid = 1000, .groups = {}};
    const std::string group = explain("tool", {.credentials = &other});
    // Root's supplementary groups, where it had some, are dropped first.
    if (getgroups(0, nullptr) == 0) {
      EXPECT_EQ(user,
                "cannot become user 1000: Operation not permitted; pid1 lacks CAP_SETUID, for it "
                "doesn't run as root");
      EXPECT_EQ(group,
                "cannot become group 1000: Operation not permitted; pid1 lacks CAP_SETGID, for it "
                "doesn't run as root");
    } else {
      EXPECT_EQ(user, "cannot set its supplementary groups: Operation not permitted");
    }
  });
}

TEST(ASpawnFailure, IsNobodysFaultOnlyForLackOfResources) {
  for (const int error : {EAGAIN, ENOMEM, EMFILE, ENFILE}) {
    EXPECT_TRUE(is_resource_failure({SpawnStep::process, error}));
    EXPECT_TRUE(is_resource_failure({SpawnStep::exec, error}));
  }
  for (const int error : {ENOENT, EACCES, EPERM, ENOEXEC, E2BIG}) {
    EXPECT_FALSE(is_resource_failure({SpawnStep::exec, error}));
  }
}

TEST(ASpawnFailure, HasTheExitCodeThatAShellWouldGive) {
  EXPECT_EQ(exit_code_for({SpawnStep::exec, ENOENT}), 127);
  EXPECT_EQ(exit_code_for({SpawnStep::exec, EACCES}), 126);
  EXPECT_EQ(exit_code_for({SpawnStep::exec, ENOEXEC}), 126);
  EXPECT_EQ(exit_code_for({SpawnStep::working_dir, ENOENT}), 126);
}

TEST(Text, FromOutsideCanForgeNoLineAndSpeakToNoTerminal) {
  EXPECT_EQ(printable("a\nb\x1b[2J\\\x7f"), "a\\x0ab\\x1b[2J\\x5c\\x7f");
  EXPECT_EQ(printable("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x90\xA7"),
            "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x90\xA7");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xc2\\x9b") << "CSI";
  EXPECT_EQ(printable("\x9B \xC3"), "\\x9b \\xc3") << "not UTF-8";
  EXPECT_EQ(printable("\xE0\x82\x9B"), "\\xe0\\x82\\x9b") << "CSI, overlong";
  EXPECT_EQ(error_text(ENOENT), "No such file or directory");
  EXPECT_EQ(error_text(9999), "error 9999");
}

}  // namespace
}  // namespace pid1::system
