#include "supervisor/system/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "supervisor/system/wait.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::count_descriptors;
using testing::TemporaryDirectory;
using testing::write_file;

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(SmallFile, IsReplacedAsAWhole) {
  const TemporaryDirectory directory;
  const std::string path = directory / "log";
  write_file(path, "what was there before, and is longer");
  EXPECT_EQ(write_small_file(path.c_str(), "short"), 0);
  EXPECT_EQ(content(path), "short");
}

TEST(SmallFile, IsCreatedOnlyWhenThatIsWanted) {
  const TemporaryDirectory directory;
  const std::string path = directory / "log";
  EXPECT_EQ(write_small_file(path.c_str(), "x", IfMissing::fail), ENOENT);
  EXPECT_EQ(write_small_file(path.c_str(), "x", IfMissing::create), 0);
  EXPECT_EQ(content(path), "x");
}

TEST(SmallFile, IsNeverWrittenThroughASymbolicLink) {
  const TemporaryDirectory directory;
  write_file(directory / "victim", "precious");
  ASSERT_EQ(symlink("victim", (directory / "log").c_str()), 0);
  EXPECT_EQ(write_small_file((directory / "log").c_str(), "x"), ELOOP);
  EXPECT_EQ(content(directory / "victim"), "precious");
}

TEST(SmallFile, IsNoFifoNobodyReadsAndNoDevice) {
  const TemporaryDirectory directory;
  const std::string fifo = directory / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(write_small_file(fifo.c_str(), "x"), ENXIO);
  EXPECT_EQ(write_small_file("/dev/full", "x"), EINVAL);
  EXPECT_EQ(write_small_file(directory.path().c_str(), "x"), EISDIR);
}

TEST(SmallFile, LeavesNeitherAChildNorADescriptorBehind) {
  const TemporaryDirectory directory;
  const int before = count_descriptors();
  EXPECT_EQ(write_small_file((directory / "log").c_str(), "x"), 0);
  EXPECT_EQ(write_small_file((directory / "no/log").c_str(), "x"), ENOENT);
  EXPECT_EQ(count_descriptors(), before);
  EXPECT_EQ(std::get<ReapEnd>(reap()), ReapEnd::no_children);
}

// With no patience at all, every filesystem hangs.
TEST(SmallFile, OnAFilesystemThatHangsIsGivenUp) {
  const TemporaryDirectory directory;
  const std::string path = directory / "log";
  const std::string long_text(64 << 20, 'x');
  EXPECT_EQ(
      write_small_file(path.c_str(), long_text, IfMissing::create, std::chrono::milliseconds(0)),
      ETIMEDOUT);
  EXPECT_TRUE(testing::await_any_end().signaled) << "it was to be killed";
}

}  // namespace
}  // namespace pid1::system
