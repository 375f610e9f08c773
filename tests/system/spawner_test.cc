#include "supervisor/system/spawner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::count_descriptors;
using testing::in_child;
using testing::output_of;
using testing::status_value;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr std::uint32_t nobody = 65534;

// Everything here holds for both ways of making a process.
class SpawnerTest : public ::testing::TestWithParam<SpawnMethod> {
 protected:
  SpawnResult spawn(const StringList& argv, SpawnRequest request = {}) {
    Spawner spawner({}, GetParam());
    request.argv = argv.span();
    request.environment = environment_.span();
    return spawner.spawn(request);
  }

  SpawnError fail_to_spawn(const StringList& argv, SpawnRequest request = {}) {
    const SpawnResult result = spawn(argv, request);
    if (const auto* const error = std::get_if<SpawnError>(&result)) return *error;
    await_end(std::get<std::int32_t>(result));
    ADD_FAILURE() << "it was started";
    return {};
  }

  std::string output(const StringList& argv, SpawnRequest request = {}, SignalMask inherited = {}) {
    Spawner spawner(inherited, GetParam());
    request.argv = argv.span();
    request.environment = environment_.span();
    return output_of(spawner, request);
  }

  std::string status_of_child(SpawnRequest request = {}, SignalMask inherited = {}) {
    return output({"/bin/cat", "/proc/self/status"}, request, inherited);
  }

  const StringList environment_{"PATH=/usr/bin:/bin", "GREETING=hello"};
};

INSTANTIATE_TEST_SUITE_P(Methods, SpawnerTest,
                         ::testing::Values(SpawnMethod::clone, SpawnMethod::fork),
                         [](const auto& method) {
                           return method.param == SpawnMethod::clone ? "Clone" : "Fork";
                         });

std::string hex(SignalSet set) {
  char text[17];
  snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(set));
  return text;
}

TEST_P(SpawnerTest, GivesTheProgramItsArgumentsAndItsEnvironmentAndNothingElse) {
  EXPECT_EQ(output({"sh", "-c", "echo \"$0 $1 $GREETING ${HOME-unset}\"", "a b", "*"}),
            "a b * hello unset\n");
}

TEST_P(SpawnerTest, MakesTheChildLeaderOfASessionAndOfAGroup) {
  const std::string status = status_of_child();
  EXPECT_EQ(status_value(status, "NSsid"), status_value(status, "Pid"));
  EXPECT_EQ(status_value(status, "NSpgid"), status_value(status, "Pid"));
}

TEST_P(SpawnerTest, RestoresTheInheritedMaskAndTheInheritedIgnoredSignals) {
  const SignalMask inherited = {.blocked = signal_bit(SIGUSR1) | signal_bit(32) | signal_bit(64),
                                .ignored = signal_bit(SIGHUP) | signal_bit(33)};
  in_child([&] {
    set_disposition(SIGTERM, Disposition::ignored);
    signal(SIGSEGV, [](int) {});
    set_blocked_signals(all_signals);
    const std::string status = status_of_child({}, inherited);
    EXPECT_EQ(status_value(status, "SigBlk"), hex(inherited.blocked));
    EXPECT_EQ(status_value(status, "SigIgn"), hex(inherited.ignored));
    EXPECT_EQ(status_value(status, "SigCgt"), hex(0));
  });
}

TEST_P(SpawnerTest, LeavesItsOwnMaskAndDispositionsAlone) {
  in_child([&] {
    set_disposition(SIGTERM, Disposition::ignored);
    set_blocked_signals(signal_bit(SIGUSR2));
    status_of_child();
    EXPECT_EQ(disposition(SIGTERM), Disposition::ignored);
    EXPECT_EQ(blocked_signals(), signal_bit(SIGUSR2));
  });
}

TEST_P(SpawnerTest, GivesTheChildNoDescriptorButTheFirstThree) {
  const int leaky = open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  // With a command behind it, ls isn't sh itself, whose descriptors are asked for.
  EXPECT_EQ(output({"sh", "-c", "ls /proc/$$/fd; true"}), "0\n1\n2\n");
  close(leaky);
}

TEST_P(SpawnerTest, GivesTheChildDevNullAsStdinUnlessItIsToldOtherwise) {
  EXPECT_EQ(output({"readlink", "/proc/self/fd/0"}), "/dev/null\n");
}

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_P(SpawnerTest, PutsSourcesInPlaceInWhateverOrderTheyOverlap) {
  const TemporaryDirectory directory;
  for (const char* const name : {"0", "1", "2", "3"}) write_file(directory / name, "");
  in_child([&] {
    const int console = fcntl(1, F_DUPFD_CLOEXEC, 10);
    for (int fd = 0; fd <= 2; ++fd) {
      dup2(open((directory / std::to_string(fd)).c_str(), O_RDWR | O_CLOEXEC), fd);
    }
    const int other = open((directory / "3").c_str(), O_RDWR | O_CLOEXEC);
    const std::string links = directory / "links";
    const StringList argv{
        "sh", "-c",
        "readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | sed 's:.*/::' >" + links + "; true"};
    const int sources[] = {0, 1, 2, other};
    std::string seen;
    std::string expected;
    for (const int in : sources) {
      for (const int out : sources) {
        for (const int err : sources) {
          const auto result = spawn(argv, {.stdin_fd = in, .stdout_fd = out, .stderr_fd = err});
          await_end(std::get<std::int32_t>(result));
          seen += content(links);
          for (const int fd : {in, out, err}) {
            expected += fd == other ? "3\n" : std::to_string(fd) + "\n";
          }
        }
      }
    }
    dup2(console, 1);
    EXPECT_EQ(seen, expected);
  });
}

TEST_P(SpawnerTest, SwapsDescriptorsWithAFullTable) {
  const SpawnMethod method = GetParam();
  const TemporaryDirectory directory;
  in_child([&] {
    Spawner spawner({}, method);
    const std::string out = directory / "out";
    dup2(open(out.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600), 2);
    const int kept = method == SpawnMethod::fork ? 2 : 0;  // for its pipe
    int last = -1;
    struct rlimit limit = {64, 64};
    setrlimit(RLIMIT_NOFILE, &limit);
    while (true) {
      const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (fd < 0) break;
      last = fd;
    }
    ASSERT_EQ(errno, EMFILE);
    for (int i = 0; i < kept; ++i) close(last - i);
    const StringList argv{"/bin/echo", "swapped"};
    const SpawnResult result = spawner.spawn({.argv = argv.span(),
                                              .environment = environment_.span(),
                                              .stdin_fd = 0,
                                              .stdout_fd = 2,
                                              .stderr_fd = 1});
    ASSERT_TRUE(std::holds_alternative<std::int32_t>(result));
    await_end(std::get<std::int32_t>(result));
    lseek(2, 0, SEEK_SET);
    char text[16] = {};
    EXPECT_EQ(read(2, text, sizeof text), 8);
    EXPECT_STREQ(text, "swapped\n");
  });
}

TEST_P(SpawnerTest, SetsUmaskAndWorkingDirectory) {
  EXPECT_EQ(output({"sh", "-c", "umask; pwd"}, {.working_dir = "/usr", .umask = 027}),
            "0027\n/usr\n");
}

TEST_P(SpawnerTest, KeepsItsOwnUmaskAndWorkingDirectoryByDefault) {
  in_child([&] {
    umask(0123);
    ASSERT_EQ(chdir("/usr/bin"), 0);
    EXPECT_EQ(output({"sh", "-c", "umask; pwd"}), "0123\n/usr/bin\n");
  });
}

TEST_P(SpawnerTest, BecomesTheUserWithItsGroups) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const Credentials credentials = {.uid = nobody, .gid = 100, .groups = {100, 7, 8}};
  const std::string status = status_of_child({.credentials = &credentials});
  EXPECT_EQ(status_value(status, "Uid"), "65534\t65534\t65534\t65534");
  EXPECT_EQ(status_value(status, "Gid"), "100\t100\t100\t100");
  EXPECT_EQ(status_value(status, "Groups"), "7 8 100");
  EXPECT_EQ(status_value(status, "CapEff"), "0000000000000000");
}

TEST_P(SpawnerTest, DropsTheGroupsOfRootForAUserWithoutAny) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  in_child([&] {
    const gid_t groups[] = {4, 5};
    ASSERT_EQ(setgroups(2, groups), 0);
    const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
    EXPECT_EQ(status_value(status_of_child({.credentials = &credentials}), "Groups"), "");
  });
}

TEST_P(SpawnerTest, StaysDumpableAfterAChildBecameAnotherUser) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  ASSERT_EQ(prctl(PR_GET_DUMPABLE), 1);
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  status_of_child({.credentials = &credentials});
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 1);
}

TEST_P(SpawnerTest, NeedsNoPrivilegeToStayWhoItIs) {
  in_child([&] {
    if (geteuid() == 0) {
      ASSERT_EQ(setgroups(0, nullptr), 0);
      ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
      ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    }
    const Credentials credentials = {.uid = getuid(), .gid = getgid(), .groups = {getgid()}};
    const std::string status = status_of_child({.credentials = &credentials});
    EXPECT_NE(status_value(status, "Uid"), "(absent)");
  });
}

TEST_P(SpawnerTest, EntersTheDirectoryAsTheUserItBecame) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const TemporaryDirectory directory;
  const std::string closed = directory / "closed";
  ASSERT_EQ(mkdir(closed.c_str(), 0700), 0);
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  EXPECT_EQ(fail_to_spawn({"true"}, {.working_dir = closed.c_str(), .credentials = &credentials}),
            (SpawnError{SpawnStep::working_dir, EACCES}));
}

TEST_P(SpawnerTest, FindsTheProgramThroughThePathOfTheRequest) {
  const TemporaryDirectory directory;
  write_file(directory / "greet", "#!/bin/sh\necho greeted\n", 0755);
  ASSERT_EQ(mkdir((directory / "first").c_str(), 0755), 0);
  ASSERT_EQ(mkdir((directory / "first/greet").c_str(), 0755), 0);  // EACCES, then on
  const StringList environment{"PATH=/dev/null:/nonexistent:" + (directory / "first") + ":" +
                               directory.path()};
  Spawner spawner({}, GetParam());
  const StringList argv{"greet"};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}),
            "greeted\n");
}

TEST_P(SpawnerTest, FindsTheProgramInTheUsualPlacesWithoutAPath) {
  Spawner spawner({}, GetParam());
  const StringList argv{"echo", "found"};
  const StringList environment{};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(), .environment = environment.span()}),
            "found\n");
}

TEST_P(SpawnerTest, TakesAnEmptyEntryOfPathForTheWorkingDirectory) {
  const TemporaryDirectory directory;
  write_file(directory / "greet", "#!/bin/sh\necho greeted\n", 0755);
  Spawner spawner({}, GetParam());
  const StringList argv{"greet"};
  const StringList environment{"PATH=/nonexistent:"};
  EXPECT_EQ(output_of(spawner, {.argv = argv.span(),
                                .environment = environment.span(),
                                .working_dir = directory.path().c_str()}),
            "greeted\n");
}

TEST_P(SpawnerTest, TellsEachFailureOfExecApart) {
  const TemporaryDirectory directory;
  write_file(directory / "plain", "#!/bin/sh\n", 0644);
  write_file(directory / "headless", "echo\n", 0755);
  write_file(directory / "orphan", "#!/missing/interpreter\n", 0755);
  ASSERT_EQ(symlink("loop", (directory / "loop").c_str()), 0);
  const auto exec_error = [](int error) { return SpawnError{SpawnStep::exec, error}; };
  EXPECT_EQ(fail_to_spawn({"no-such-program"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({""}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "plain/under-a-file"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "plain"}), exec_error(EACCES));
  EXPECT_EQ(fail_to_spawn({directory.path()}), exec_error(EACCES));
  EXPECT_EQ(fail_to_spawn({directory / "headless"}), exec_error(ENOEXEC));
  EXPECT_EQ(fail_to_spawn({directory / "orphan"}), exec_error(ENOENT));
  EXPECT_EQ(fail_to_spawn({directory / "loop"}), exec_error(ELOOP));
  EXPECT_EQ(fail_to_spawn({"true", std::string(1 << 20, 'x')}), exec_error(E2BIG));
}

TEST_P(SpawnerTest, RemembersAProgramThatMayNotBeRunOverOneThatIsMissing) {
  const TemporaryDirectory directory;
  write_file(directory / "tool", "#!/bin/sh\n", 0644);
  Spawner spawner({}, GetParam());
  const StringList argv{"tool"};
  const StringList environment{"PATH=" + directory.path() + ":/nonexistent"};
  const SpawnResult result =
      spawner.spawn({.argv = argv.span(), .environment = environment.span()});
  EXPECT_EQ(std::get<SpawnError>(result), (SpawnError{SpawnStep::exec, EACCES}));
}

TEST_P(SpawnerTest, TellsTheFailureOfEachStepBeforeExecApart) {
  EXPECT_EQ(fail_to_spawn({"true"}, {.stdout_fd = 999}),
            (SpawnError{SpawnStep::descriptors, EBADF}));
  EXPECT_EQ(fail_to_spawn({"true"}, {.working_dir = "/nonexistent"}),
            (SpawnError{SpawnStep::working_dir, ENOENT}));
  in_child([&] {
    if (geteuid() == 0) {
      ASSERT_EQ(setgroups(0, nullptr), 0);
      ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
      ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    }
    const Credentials groups = {.uid = getuid(), .gid = getgid(), .groups = {0}};
    const Credentials gid = {.uid = getuid(), .gid = 0, .groups = {}};
    const Credentials uid = {.uid = 0, .gid = getgid(), .groups = {}};
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &groups}),
              (SpawnError{SpawnStep::groups, EPERM}));
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &gid}), (SpawnError{SpawnStep::gid, EPERM}));
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &uid}), (SpawnError{SpawnStep::uid, EPERM}));
  });
}

TEST_P(SpawnerTest, HasReapedAChildThatFailed) {
  fail_to_spawn({"no-such-program"});
  EXPECT_EQ(std::get<ReapEnd>(reap()), ReapEnd::no_children);
}

TEST_P(SpawnerTest, ReportsAProcessLimit) {
  in_child([&] {
    // Root is above the limit; a user that runs nothing else is where it is exact.
    constexpr std::uint32_t lonely = 64999;
    if (geteuid() == 0) {
      ASSERT_EQ(setresgid(lonely, lonely, lonely), 0);
      ASSERT_EQ(setresuid(lonely, lonely, lonely), 0);
    }
    const struct rlimit limit = {1, 1};
    ASSERT_EQ(setrlimit(RLIMIT_NPROC, &limit), 0);
    EXPECT_EQ(fail_to_spawn({"true"}), (SpawnError{SpawnStep::process, EAGAIN}));
  });
}

TEST_P(SpawnerTest, SurvivesAFullDescriptorTable) {
  const SpawnMethod method = GetParam();
  in_child([&] {
    Spawner spawner({}, method);
    const struct rlimit limit = {32, 32};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
    }
    ASSERT_EQ(errno, EMFILE);
    const StringList argv{"/bin/true"};
    const SpawnResult result =
        spawner.spawn({.argv = argv.span(), .environment = environment_.span()});
    switch (method) {
      case SpawnMethod::clone:  // needs no descriptor at all
        ASSERT_TRUE(std::holds_alternative<std::int32_t>(result));
        await_end(std::get<std::int32_t>(result));
        break;
      case SpawnMethod::fork:
        EXPECT_EQ(std::get<SpawnError>(result), (SpawnError{SpawnStep::descriptors, EMFILE}));
        break;
    }
  });
}

long resident_pages() {
  long size = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

TEST_P(SpawnerTest, LeaksNeitherDescriptorsNorMemoryOverAThousandStarts) {
  Spawner spawner({}, GetParam());
  const StringList good{"true"};
  const StringList bad{"no-such-program"};
  const auto start_many = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const SpawnResult result =
          spawner.spawn({.argv = good.span(), .environment = environment_.span()});
      await_end(std::get<std::int32_t>(result));
      spawner.spawn({.argv = bad.span(), .environment = environment_.span()});
    }
  };
  start_many(10);
  const int descriptors = count_descriptors();
  const long pages = resident_pages();
  start_many(500);
  EXPECT_EQ(count_descriptors(), descriptors);
  EXPECT_LE(resident_pages(), pages + 4);
  EXPECT_EQ(spawner.method(), GetParam());
}

}  // namespace
}  // namespace pid1::system
