#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/yaml_reader.h"

namespace pid1::config {
namespace {

namespace fs = std::filesystem;

class ReadFile : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  // The error, which must be the only one.
  std::string fail(const std::string& path, std::size_t limit = 100) {
    Diagnostics diagnostics;
    EXPECT_EQ(read_file(path, {}, limit, diagnostics), nullptr);
    EXPECT_EQ(diagnostics.all().size(), 1u);
    return diagnostics.all().empty() ? "" : diagnostics.all().front().message;
  }

 private:
  fs::path folder_ = fs::path(::testing::TempDir()) /
                     ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(ReadFile, TakesAllBytesUnderTheNameThatWasGiven) {
  const std::string text("a\0b\r\n\xFF", 6);
  Diagnostics diagnostics;
  const SourcePtr source = read_file(write("f", text), {}, 100, diagnostics);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->text, text);
  EXPECT_EQ(source->name, path("f"));
  EXPECT_TRUE(diagnostics.all().empty());
}

TEST_F(ReadFile, TakesAnEmptyFile) {
  Diagnostics diagnostics;
  const SourcePtr source = read_file(write("f", ""), {}, 100, diagnostics);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->text, "");
}

TEST_F(ReadFile, TakesAFileOfManyChunks) {
  const std::string text(300'000, 'x');
  Diagnostics diagnostics;
  const SourcePtr source = read_file(write("f", text), {}, 300'000, diagnostics);
  ASSERT_NE(source, nullptr);
  EXPECT_EQ(source->text, text);
}

TEST_F(ReadFile, FollowsALink) {
  write("f", "x");
  fs::create_symlink("f", path("link"));
  Diagnostics diagnostics;
  EXPECT_NE(read_file(path("link"), {}, 100, diagnostics), nullptr);
}

TEST_F(ReadFile, TakesWhatTheKernelMakesUpThoughItsSizeIsZero) {
  Diagnostics diagnostics;
  const SourcePtr source = read_file("/proc/self/status", {}, 1 << 20, diagnostics);
  ASSERT_NE(source, nullptr);
  EXPECT_FALSE(source->text.empty());
}

TEST_F(ReadFile, RefusesAByteMoreThanTheLimit) {
  write("f", std::string(101, 'x'));
  EXPECT_EQ(fail(path("f")), "cannot read " + path("f") + ": it is larger than 100 bytes");
  write("g", std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(fail(path("g"), 1 << 20), "cannot read " + path("g") + ": it is larger than 1 MiB");
}

TEST_F(ReadFile, SaysWhatToDoAboutATextThatIsTooLong) {
  Diagnostics diagnostics;
  read_file(write("f", std::string(101, 'x')), {}, 100, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1u);
  EXPECT_EQ(diagnostics.all().front().hint,
            "split it: `include` and `env_file` take several files");
}

TEST_F(ReadFile, SaysThatThereIsNone) {
  EXPECT_EQ(fail(path("none")), "cannot read " + path("none") + ": No such file or directory");
  EXPECT_EQ(fail(""), "cannot read : No such file or directory");
}

TEST_F(ReadFile, SaysThatAParentIsNoFolder) {
  write("f", "x");
  EXPECT_EQ(fail(path("f/g")), "cannot read " + path("f/g") + ": Not a directory");
}

TEST_F(ReadFile, RefusesADirectory) {
  fs::create_directory(path("d"));
  EXPECT_EQ(fail(path("d")), "cannot read " + path("d") + ": it is a directory");
}

TEST_F(ReadFile, RefusesADeviceThatNeverEnds) {
  EXPECT_EQ(fail("/dev/zero"), "cannot read /dev/zero: it isn't a regular file");
}

TEST_F(ReadFile, RefusesAFifoWithoutWaitingForAWriter) {
  ASSERT_EQ(std::system(("mkfifo '" + path("fifo") + "'").c_str()), 0);
  EXPECT_EQ(fail(path("fifo")), "cannot read " + path("fifo") + ": it isn't a regular file");
}

TEST_F(ReadFile, RefusesANameWithANul) {
  EXPECT_EQ(fail(std::string("a\0b", 3)), "cannot read a\\x00b: its name holds a NUL");
}

TEST_F(ReadFile, NamesTheLineThatAskedForTheFile) {
  Diagnostics diagnostics;
  const auto asker = std::make_shared<Source>(Source{"f.yaml", "env_file: none\n"});
  read_file("/none", {asker, 1, 11}, 100, diagnostics);
  EXPECT_EQ(render(diagnostics),
            "f.yaml:1:11: error: cannot read /none: No such file or directory\n"
            "env_file: none\n"
            "          ^\n");
}

}  // namespace
}  // namespace pid1::config
