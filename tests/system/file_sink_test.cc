#include "supervisor/output/file_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>

#include "supervisor/system/gzip.h"
#include "tests/system/manual_loop.h"
#include "tests/system/support.h"

namespace pid1::output {
namespace {

using system::testing::in_child;
using system::testing::TemporaryDirectory;
using system::testing::write_file;
using testing::ManualLoop;
using testing::note_loss;

// What a file holds, unpacked where it is compressed; empty: it isn't there.
std::string content(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  std::string text;
  char part[4096];
  for (int count; (count = gzread(file, part, sizeof part)) > 0;) {
    text.append(part, static_cast<std::size_t>(count));
  }
  gzclose(file);
  return text;
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

// All that was kept, the oldest first.
std::string all(const std::string& path) {
  std::string text = content(path);
  for (int place = 1; place < 1000; ++place) {
    const std::string plain = path + "." + std::to_string(place);
    if (!exists(plain) && !exists(plain + ".gz")) break;
    EXPECT_FALSE(exists(plain) && exists(plain + ".gz")) << plain << " is there twice";
    text.insert(0, content(exists(plain) ? plain : plain + ".gz"));
  }
  return text;
}

class FileSinkTest : public ::testing::Test {
 protected:
  std::unique_ptr<FileSink> open(FileOptions options, Compressor compressor = nullptr) {
    options.path = path_;
    return std::make_unique<FileSink>(
        loop_, std::move(options), note_loss, std::move(compressor),
        [this](const std::string& text) { complaints_.push_back(text); });
  }

  static void write(Sink& sink, std::string_view text) { sink.write(1, std::array{text}); }

  const TemporaryDirectory folder_;
  const std::string path_ = folder_ / "log";
  ManualLoop loop_;
  std::vector<std::string> complaints_;
};

TEST_F(FileSinkTest, AppendsToWhatIsThere) {
  write_file(path_, "before\n");
  const auto sink = open({});
  write(*sink, "after\n");
  EXPECT_EQ(content(path_), "before\nafter\n");
}

TEST_F(FileSinkTest, DoesNotContinueALineThatAnotherLeftUnfinished) {
  write_file(path_, "killed in the mid");
  const auto sink = open({});
  write(*sink, "after\n");
  EXPECT_EQ(content(path_), "killed in the mid\nafter\n");
}

TEST_F(FileSinkTest, RotatesBetweenLinesWhenAFileIsFull) {
  const auto sink = open({.max_size = 10, .max_file = 3});
  write(*sink, "one\ntwo\nthree\nfour\nfive\nsix\n");
  EXPECT_EQ(content(path_), "six\n");
  EXPECT_EQ(content(path_ + ".1"), "four\nfive\n");
  EXPECT_EQ(content(path_ + ".2"), "three\n");
  EXPECT_FALSE(exists(path_ + ".3"));
}

TEST_F(FileSinkTest, GivesALineThatIsLongerThanAFileOneOfItsOwn) {
  const auto sink = open({.max_size = 10, .max_file = 5});
  const std::string longer(30, 'x');
  write(*sink, "one\n" + longer + "\ntwo\n");
  EXPECT_EQ(content(path_), "two\n");
  EXPECT_EQ(content(path_ + ".1"), longer + "\n");
  EXPECT_EQ(content(path_ + ".2"), "one\n");
}

TEST_F(FileSinkTest, DoesNotTearALineThatComesInParts) {
  const auto sink = open({.max_size = 10, .max_file = 5});
  write(*sink, "one\nlong ");
  write(*sink, "long ");
  write(*sink, "long\ntwo\n");
  EXPECT_EQ(content(path_ + ".1"), "one\nlong long long\n");
  EXPECT_EQ(content(path_), "two\n");
}

TEST_F(FileSinkTest, KeepsOneFileWhereOneIsAskedFor) {
  const auto sink = open({.max_size = 10, .max_file = 1});
  write(*sink, "one\ntwo\nthree\n");
  EXPECT_EQ(content(path_), "three\n");
  EXPECT_FALSE(exists(path_ + ".1"));
}

TEST_F(FileSinkTest, GoesOnWhereAnEarlierPid1WasKilledInARotation) {
  write_file(path_ + ".2", "one\n");
  write_file(path_ + ".1", "two\n");
  const auto sink = open({.max_size = 6, .max_file = 9});
  write(*sink, "three\n");
  write(*sink, "four\n");
  EXPECT_EQ(all(path_), "one\ntwo\nthree\nfour\n");
}

TEST_F(FileSinkTest, WritesOnWhereItCannotRotate) {
  const auto sink = open({.max_size = 10, .max_file = 2});
  std::filesystem::create_directories(path_ + ".1/full");
  for (int i = 0; i < 100; ++i) write(*sink, "line\n");
  EXPECT_EQ(content(path_).size(), 500u);
  ASSERT_FALSE(complaints_.empty());
  EXPECT_TRUE(complaints_[0].starts_with("cannot rotate " + path_)) << complaints_[0];
}

TEST_F(FileSinkTest, WaitsForAFolderThatIsNotThereYet) {
  const std::string folder = folder_ / "later";
  FileSink sink(loop_, {.path = folder + "/log"}, note_loss, nullptr,
                [this](const std::string& text) { complaints_.push_back(text); });
  write(sink, "one\n");
  loop_.ring();
  EXPECT_EQ(complaints_,
            std::vector<std::string>{"cannot write " + folder + "/log: No such file or directory"})
      << "said once";
  EXPECT_FALSE(sink.congested());
  ASSERT_EQ(mkdir(folder.c_str(), 0700), 0);
  loop_.ring();
  EXPECT_EQ(content(folder + "/log"), "one\n");
}

TEST_F(FileSinkTest, FollowsNoLinkToAFileOfSomebodyElse) {
  write_file(folder_ / "passwd", "root\n");
  ASSERT_EQ(symlink((folder_ / "passwd").c_str(), path_.c_str()), 0);
  const auto sink = open({});
  write(*sink, "evil\n");
  EXPECT_EQ(content(folder_ / "passwd"), "root\n");
  EXPECT_EQ(complaints_.size(), 1u);
}

TEST_F(FileSinkTest, TakesNoFifoForAFile) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  const auto sink = open({});
  write(*sink, "x\n");
  EXPECT_EQ(complaints_.size(), 1u);
}

TEST_F(FileSinkTest, OpensThePathAnewWhenItIsAskedTo) {
  const auto sink = open({});
  write(*sink, "one\n");
  std::filesystem::rename(path_, path_ + ".moved");
  write(*sink, "two\n");
  sink->reopen();
  write(*sink, "three\n");
  EXPECT_EQ(content(path_ + ".moved"), "one\ntwo\n");
  EXPECT_EQ(content(path_), "three\n");
}

// Compresses when the test wants it to.
class Archive : public FileSinkTest {
 protected:
  Compressor later() {
    return [this](CompressRequest request) {
      requests_.push_back(std::move(request));
      return true;
    };
  }

  void compress(FileSink& sink, Compression result = Compression::succeeded) {
    ASSERT_FALSE(requests_.empty());
    const CompressRequest request = std::move(requests_.front());
    requests_.erase(requests_.begin());
    ASSERT_EQ(system::gzip(request.from.get(), request.to.get()), 0);
    sink.compressed(result);
  }

  std::vector<CompressRequest> requests_;
};

TEST_F(Archive, IsCompressedOneFileAfterTheOther) {
  const auto sink = open({.max_size = 5, .max_file = 9}, later());
  for (const std::string_view line : {"1111\n", "2222\n", "3333\n"}) write(*sink, line);
  EXPECT_EQ(requests_.size(), 1u);
  while (!requests_.empty()) compress(*sink);
  EXPECT_EQ(content(path_ + ".1.gz"), "2222\n");
  EXPECT_EQ(content(path_ + ".2.gz"), "1111\n");
  EXPECT_FALSE(exists(path_ + ".1"));
  EXPECT_EQ(all(path_), "1111\n2222\n3333\n");
}

TEST_F(Archive, IsRotatedWhileItIsCompressed) {
  const auto sink = open({.max_size = 5, .max_file = 9}, later());
  for (const std::string_view line : {"1111\n", "2222\n", "3333\n", "4444\n"}) write(*sink, line);
  ASSERT_EQ(requests_.size(), 1u);
  compress(*sink);
  EXPECT_EQ(content(path_ + ".3.gz"), "1111\n");
  EXPECT_EQ(all(path_), "1111\n2222\n3333\n4444\n");
}

TEST_F(Archive, ForgetsWhatWasRotatedAwayMeanwhile) {
  const auto sink = open({.max_size = 5, .max_file = 2}, later());
  for (const std::string_view line : {"1111\n", "2222\n", "3333\n"}) write(*sink, line);
  compress(*sink);
  EXPECT_EQ(all(path_), "2222\n3333\n");
  compress(*sink);
  EXPECT_EQ(all(path_), "2222\n3333\n");
  EXPECT_FALSE(exists(path_ + ".gz.part"));
}

TEST_F(Archive, StaysPlainWhereCompressionFails) {
  const auto sink = open({.max_size = 5, .max_file = 9}, later());
  write(*sink, "1111\n2222\n");
  compress(*sink, Compression::failed);
  EXPECT_EQ(content(path_ + ".1"), "1111\n");
  EXPECT_FALSE(exists(path_ + ".gz.part"));
  write(*sink, "3333\n");
  EXPECT_EQ(requests_.size(), 1u) << "tried again at the next rotation";
}

TEST_F(Archive, OfAPid1ThatWasKilledIsTidiedUp) {
  write_file(path_ + ".gz.part", "half");
  write_file(path_ + ".2", "1111\n");
  {
    const auto before = open({.max_size = 5, .max_file = 9}, later());
    compress(*before);
  }
  write_file(path_ + ".2", "1111\n");  // killed before it was removed
  write_file(path_ + ".1", "2222\n");
  requests_.clear();
  const auto sink = open({.max_size = 5, .max_file = 9}, later());
  EXPECT_EQ(all(path_), "1111\n2222\n");
  compress(*sink);
  EXPECT_EQ(all(path_), "1111\n2222\n");
  EXPECT_TRUE(exists(path_ + ".1.gz"));
}

// Runs in a mount namespace of its own, with a filesystem of `pages` there.
void on_small_disk(const std::string& folder, int pages, const std::function<void()>& test) {
  in_child([&] {
    ASSERT_EQ(unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    const std::string size = "size=" + std::to_string(pages * 4096);
    ASSERT_EQ(mount("none", folder.c_str(), "tmpfs", 0, size.c_str()), 0);
    test();
  });
}

TEST_F(FileSinkTest, KeepsTheNewestLinesWhileTheDiskIsFullAndSaysHowManyItLost) {
  on_small_disk(folder_.path(), 4, [&] {
    write_file(folder_ / "other", std::string(3 * 4096, 'x'));
    const auto sink = open({.limit = 2000});
    std::string said;
    for (int i = 0; i < 1000; ++i) {
      const std::string line = "line " + std::to_string(i) + "\n";
      write(*sink, line);
      said += line;
      EXPECT_FALSE(sink->congested());
    }
    EXPECT_EQ(complaints_.size(), 1u);
    EXPECT_EQ(content(path_), said.substr(0, 4096)) << "what went in";
    loop_.ring();
    EXPECT_EQ(loop_.alarms(), 1u);
    ASSERT_EQ(unlink((folder_ / "other").c_str()), 0);
    loop_.ring();
    EXPECT_EQ(loop_.alarms(), 0u);
    const std::string text = content(path_);
    const std::size_t note = text.find('(');
    ASSERT_NE(note, std::string::npos);
    const std::size_t after = text.find('\n', note) + 1;
    EXPECT_EQ(text.substr(note, after - note),
              "(" + std::to_string(sink->counters().lost_lines) + " lost)\n");
    EXPECT_TRUE(said.starts_with(text.substr(0, note)));
    EXPECT_EQ(text[note - 1], '\n');
    EXPECT_TRUE(said.ends_with(text.substr(after)));
    EXPECT_EQ(text[after], 'l') << "a whole line";
    const auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n')) - 1;
    EXPECT_EQ(lines + sink->counters().lost_lines, 1000u);
  });
}

TEST_F(FileSinkTest, ContinuesNoUnfinishedLineOfAnotherOnAFullDisk) {
  on_small_disk(folder_.path(), 1, [&] {
    const std::string unfinished(4096, 'x');
    write_file(path_, unfinished);
    const auto sink = open({});
    write(*sink, "after\n");
    EXPECT_EQ(loop_.alarms(), 1u);
    ASSERT_EQ(mount("none", folder_.path().c_str(), "tmpfs", MS_REMOUNT, "size=8192"), 0);
    loop_.ring();
    EXPECT_EQ(content(path_), unfinished + "\nafter\n");
  });
}

RC_GTEST_FIXTURE_PROP(Archive, NeverLosesDoublesOrTearsALine, ()) {
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::filesystem::remove_all(entry.path());
  }
  requests_.clear();
  const FileOptions options = {.max_size = static_cast<std::uint64_t>(*rc::gen::inRange(1, 60)),
                               .max_file = 64};
  auto sink = open(options, later());
  std::string said;
  const int steps = *rc::gen::inRange(0, 30);
  for (int i = 0; i < steps; ++i) {
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        if (!requests_.empty())
          compress(*sink, *rc::gen::element(Compression::succeeded, Compression::failed));
        break;
      case 1:  // pid1 is killed, and starts anew
        requests_.clear();
        sink = open(options, later());
        break;
      default: {
        std::string lines;
        const int count = *rc::gen::inRange(1, 3);
        for (int line = 0; line < count; ++line) {
          const auto length = static_cast<std::size_t>(*rc::gen::inRange(0, 30));
          lines += std::to_string(i) + std::string(length, '.') + "\n";
        }
        write(*sink, lines);
        said += lines;
        break;
      }
    }
  }
  RC_ASSERT(all(path_) == said);
}

// Files by their place; 0 is the one that is written.
using Disk = std::vector<std::string>;

void carry_out(const Move& move, Disk& disk) {
  const std::string text = std::exchange(disk[move.from], {});
  if (move.to == 0) return;
  RC_ASSERT(disk[move.to].empty());
  disk[move.to] = text;
}

RC_GTEST_PROP(Rotation, ThatIsInterruptedAnywhereLosesNothingButTheOldest, ()) {
  const auto most = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
  Disk disk(most + 2);
  const int rotations = *rc::gen::inRange(1, 20);
  for (int i = 1; i <= rotations; ++i) {
    if (disk[0].empty()) disk[0] = std::to_string(i);
    std::vector<Kept> kept;
    for (std::size_t place = 1; place <= most; ++place) {
      kept.push_back(disk[place].empty() ? Kept::none : Kept::plain);
    }
    const Disk before = disk;
    const bool full = std::ranges::count(kept, Kept::none) == 0;
    const std::vector<Move> moves = plan_rotation(kept, most);
    const auto done =
        static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(moves.size()) + 1));
    for (std::size_t at = 0; at < done; ++at) carry_out(moves[at], disk);
    std::vector<std::string> left;
    for (const std::string& text : disk) {
      if (!text.empty()) left.push_back(text);
    }
    std::vector<std::string> expected;
    for (const std::string& text : before) {
      if (!text.empty()) expected.push_back(text);
    }
    if (full && done > 0) expected.pop_back();
    RC_ASSERT(left == expected);
  }
}

}  // namespace
}  // namespace pid1::output
