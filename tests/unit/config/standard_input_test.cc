#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Puts a text, or a file, in the place of standard input while it lives.
class StandardInput {
 public:
  // At most 64 KiB, what a pipe holds.
  explicit StandardInput(std::string_view text) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
    const bool written = write(ends[1], text.data(), text.size()) == std::ssize(text);
    close(ends[1]);
    if (!written) throw std::runtime_error("cannot fill a pipe");
    replace(ends[0]);
  }
  explicit StandardInput(std::FILE* file) { replace(dup(fileno(file))); }
  ~StandardInput() {
    dup2(kept_, 0);
    close(kept_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  void replace(int fd) {
    dup2(fd, 0);
    close(fd);
    std::clearerr(stdin);
  }

  int kept_ = dup(0);
};

class OfStandardInput : public testing::TestWithParam<const char*> {};

TEST_P(OfStandardInput, IsReadFromAPipe) {
  Loading loading;
  const StandardInput input("services: {web: {command: a}}\n");
  const auto plan = loading.load(GetParam());
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 1u);
}

TEST_P(OfStandardInput, FindsFilesFromTheCurrentDirectory) {
  Loading loading;
  loading.write("db/db.yaml", "services: {db: {command: b}}\n").write("web.env", "A=1\n");
  loading.write("lib/base.yaml", "services: {base: {command: c, env_file: base.env}}\n")
      .write("lib/base.env", "B=2\n");
  const StandardInput input(
      "include: [db/db.yaml]\n"
      "services:\n"
      "  web: {command: a, env_file: ./web.env}\n"
      "  job: {extends: {file: lib/base.yaml, service: base}}\n");
  const auto plan = loading.load(GetParam());
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_EQ(plan->size(), 3u);
  EXPECT_THAT(service_named(*plan, "web").process.environment,
              ElementsAre(EnvironmentChange{"A", "1"}));
  EXPECT_THAT(service_named(*plan, "job").process.environment,
              ElementsAre(EnvironmentChange{"B", "2"}));
}

TEST_P(OfStandardInput, IsNamedInErrors) {
  Loading loading;
  const StandardInput input("services:\n  web: {comand: a}\n");
  EXPECT_FALSE(loading.load(GetParam()));
  EXPECT_THAT(loading.messages(), HasSubstr("<stdin>:2:9: error: unknown key `comand`\n"));
}

TEST_P(OfStandardInput, IsReadFromAFileFromWhereItIs) {
  Loading loading;
  loading.write("f", "no: [yaml\nservices: {web: {command: a}}\n");
  std::FILE* file = std::fopen("f", "r");
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(lseek(fileno(file), 10, SEEK_SET), 10);
  const StandardInput input(file);
  std::fclose(file);
  EXPECT_TRUE(loading.load(GetParam())) << loading.messages();
}

TEST_P(OfStandardInput, IsBoundedInSize) {
  Loading loading;
  std::FILE* zeros = std::fopen("/dev/zero", "r");
  ASSERT_NE(zeros, nullptr);
  const StandardInput input(zeros);
  std::fclose(zeros);
  EXPECT_FALSE(loading.load(GetParam()));
  EXPECT_EQ(loading.messages(),
            "error: cannot read standard input: it is larger than 4 MiB\nhint: split it: `include` "
            "and `env_file` take several files\n");
}

TEST_P(OfStandardInput, IsNoDirectory) {
  Loading loading;
  std::FILE* folder = std::fopen("/", "r");
  ASSERT_NE(folder, nullptr);
  const StandardInput input(folder);
  std::fclose(folder);
  EXPECT_FALSE(loading.load(GetParam()));
  EXPECT_EQ(loading.messages(), "error: cannot read standard input: Is a directory\n");
}

INSTANTIATE_TEST_SUITE_P(Names, OfStandardInput, testing::Values("-", "/dev/stdin"));

TEST(StandardInputAlone, IsMeantByTheNameOfTheMainFile) {
  Loading loading;
  loading.write("pid1.yaml", "include: [\"-\"]\nservices: {web: {command: a}}\n");
  loading.write("-", "services: {file: {command: a}}\n");
  const StandardInput input("services: {pipe: {command: a}}\n");
  const auto plan = loading.load();
  ASSERT_TRUE(plan) << loading.messages();
  EXPECT_TRUE(plan->find("file"));
}

}  // namespace
}  // namespace pid1::config
