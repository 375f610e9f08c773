#include "supervisor/system/gzip.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <string>

#include "supervisor/system/unique_fd.h"
#include "tests/system/support.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::TemporaryDirectory;

class Gzip : public ::testing::Test {
 protected:
  UniqueFd plain(const std::string& text) const {
    testing::write_file(folder_ / "plain", text);
    return UniqueFd(open((folder_ / "plain").c_str(), O_RDONLY | O_CLOEXEC));
  }
  UniqueFd packed() const {
    return UniqueFd(open((folder_ / "packed.gz").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  }
  std::string unpacked() const {
    const gzFile file = gzopen((folder_ / "packed.gz").c_str(), "rb");
    std::string text(2'000'000, '\0');
    const int length = gzread(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    text.resize(static_cast<std::size_t>(std::max(length, 0)));
    return text;
  }

  const TemporaryDirectory folder_;
};

TEST_F(Gzip, GivesBackWhatItWasGiven) {
  for (const std::size_t lines : {0, 1, 100'000}) {
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) text += "line " + std::to_string(i * i) + "\n";
    EXPECT_EQ(gzip(plain(text).get(), packed().get()), 0);
    EXPECT_EQ(unpacked(), text);
  }
}

TEST_F(Gzip, SaysThatTheDiskIsFull) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(gzip(plain("x\n").get(), full.get()), ENOSPC);
}

TEST_F(Gzip, SaysThatItCannotRead) {
  EXPECT_EQ(gzip(UniqueFd(open("/", O_RDONLY | O_CLOEXEC)).get(), packed().get()), EISDIR);
}

TEST(UnimportantProcess, RunsWhenNobodyElseWantsTo) {
  in_child([] {
    become_unimportant();
    EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
    EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 19);
  });
}

}  // namespace
}  // namespace pid1::system
