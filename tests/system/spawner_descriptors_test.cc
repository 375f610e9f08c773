#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "supervisor/system/signal_fd.h"
#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::StringList;
using testing::TemporaryDirectory;
using testing::write_file;

class SpawnDescriptors : public testing::SpawnerFixture {
 protected:
  std::set<int> descriptors_of_child(const SpawnRequest& request) {
    std::set<int> open;
    observe(request, [&](pid_t pid) {
      for (const auto& entry :
           std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        open.insert(std::stoi(entry.path().filename()));
      }
    });
    return open;
  }
};

INSTANTIATE_TEST_SUITE_P(Methods, SpawnDescriptors, testing::both_methods(), testing::method_name);

TEST_P(SpawnDescriptors, AreNoneButTheFirstThree) {
  const int leaky = open("/dev/null", O_RDONLY);  // without O_CLOEXEC
  // With a command behind it, ls isn't sh itself, whose descriptors are asked for.
  EXPECT_EQ(output({"sh", "-c", "ls /proc/$$/fd; true"}), "0\n1\n2\n");
  close(leaky);
}

TEST_P(SpawnDescriptors, AreAllThatWereInheritedAndNoneOfOursWhereTheyAreKept) {
  in_child([&] {
    closefrom(3);
    ASSERT_EQ(dup(1), 3);
    ASSERT_EQ(dup2(1, 57), 57);
    const SignalFd ours;
    ASSERT_GE(ours.fd(), 0);
    EXPECT_EQ(descriptors_of_child({.keeps_descriptors = true}), (std::set{0, 1, 2, 3, 57}));
  });
}

TEST_P(SpawnDescriptors, AreClosedWhereTheyAreToBe) {
  for (const int in : {default_descriptor, closed_descriptor}) {
    for (const int out : {default_descriptor, closed_descriptor}) {
      for (const int err : {default_descriptor, closed_descriptor, 0, 1}) {
        std::set<int> expected;
        if (in != closed_descriptor) expected.insert(0);
        if (out != closed_descriptor) expected.insert(1);
        if (err != closed_descriptor) expected.insert(2);
        EXPECT_EQ(descriptors_of_child({.stdin_fd = in, .stdout_fd = out, .stderr_fd = err}),
                  expected)
            << in << ' ' << out << ' ' << err;
      }
    }
  }
}

TEST_P(SpawnDescriptors, BeginWithDevNullUnlessToldOtherwise) {
  EXPECT_EQ(output({"readlink", "/proc/self/fd/0"}), "/dev/null\n");
}

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_P(SpawnDescriptors, ArePutInPlaceInWhateverOrderTheyOverlap) {
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

TEST_P(SpawnDescriptors, IncludeTheOneThatIsPassed) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  // Also onto numbers of our own: the pipe's ends, what a fork reports through, the spare one.
  for (int to = 3; to < ends[1] + 8; ++to) {
    const PassedDescriptor passed = {.from = ends[1], .to = to};
    EXPECT_EQ(descriptors_of_child({.passed = passed}), (std::set{0, 1, 2, to}));
    const std::string number = std::to_string(to);
    const auto pid =
        std::get<std::int32_t>(spawn({"bash", "-c", "echo ready >&" + number}, {.passed = passed}));
    char text[16] = {};
    EXPECT_EQ(read(ends[0], text, sizeof text), 6) << to;
    EXPECT_STREQ(text, "ready\n");
    await_end(pid);
  }
  close(ends[0]);
  close(ends[1]);
}

TEST_P(SpawnDescriptors, PassOneOnInWhateverOrderItOverlapsWithTheFirstThree) {
  const TemporaryDirectory directory;
  for (const char* const name : {"0", "1", "2", "5"}) write_file(directory / name, "");
  in_child([&] {
    const int console = fcntl(1, F_DUPFD_CLOEXEC, 10);
    for (const int fd : {0, 1, 2, 5}) {
      const UniqueFd file(open((directory / std::to_string(fd)).c_str(), O_RDWR | O_CLOEXEC));
      dup3(file.get(), fd, O_CLOEXEC);
    }
    std::string seen;
    std::string expected;
    // Each order of the four in the places 0, 1, 2 and 5.
    for (std::array order = {0, 1, 2, 5};;) {
      observe({.stdin_fd = order[0],
               .stdout_fd = order[1],
               .stderr_fd = order[2],
               .passed = {.from = order[3], .to = 5}},
              [&](pid_t pid) {
                for (const int fd : {0, 1, 2, 5}) {
                  seen += std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/fd/" +
                                                        std::to_string(fd))
                              .filename();
                }
              });
      for (const int fd : order) expected += std::to_string(fd);
      if (!std::ranges::next_permutation(order).found) break;
    }
    dup2(console, 1);
    EXPECT_EQ(seen, expected);
  });
}

TEST_P(SpawnDescriptors, CannotBePassedAboveTheLimit) {
  EXPECT_EQ(fail_to_spawn({"true"}, {.passed = {.from = 1, .to = 1 << 30}}),
            (SpawnError{SpawnStep::descriptors, EBADF}));
}

TEST_P(SpawnDescriptors, AreSwappedInAFullTable) {
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

TEST_P(SpawnDescriptors, AreNotNeededOrReportedWhenTheTableIsFull) {
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

}  // namespace
}  // namespace pid1::system
