#include "supervisor/output/router.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "supervisor/system/pipe.h"
#include "tests/system/manual_loop.h"
#include "tests/system/memory_sink.h"

namespace pid1::output {
namespace {

using system::UniqueFd;
using ::testing::ElementsAre;
using testing::ManualLoop;
using testing::MemorySink;
using ::testing::StartsWith;

WallTime at_noon() { return WallTime(std::chrono::hours(12)); }

class RouterTest : public ::testing::Test {
 protected:
  Route add(const std::string& name, Sink& sink, FormatKind kind = FormatKind::prefix,
            Mode mode = Mode::blocking) {
    return router_.add({.service = name,
                        .formats = {{{.kind = kind}, {.kind = kind}}},
                        .sinks = {&sink, &sink},
                        .mode = mode,
                        .max_buffer = 1000});
  }

  // The end that a service writes to.
  UniqueFd connect(Route route, Stream stream = Stream::out) {
    auto pipe = system::make_pipe(1u << 20);
    EXPECT_EQ(router_.connect(route, stream, std::move(pipe->reading)), 0);
    router_.set_process(route, 42);
    return std::move(pipe->writing);
  }

  static void say(const UniqueFd& service, std::string_view text) {
    ASSERT_EQ(write(service.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  ManualLoop loop_;
  MemorySink sink_;
  MemorySink other_;
  Router router_{loop_, {.routes = 20, .buffer = 4096, .rest = {}, .most_held = 2, .now = at_noon}};
};

// Writes until the pipe is full; returns how much went in.
std::size_t fill(const UniqueFd& service) {
  const std::string lines = [] {
    std::string text;
    while (text.size() < 4000) text += "0123456789\n";
    return text;
  }();
  EXPECT_EQ(fcntl(service.get(), F_SETFL, O_NONBLOCK), 0);
  std::size_t total = 0;
  for (ssize_t count; (count = write(service.get(), lines.data(), lines.size())) > 0;) {
    total += static_cast<std::size_t>(count);
  }
  return total;
}

TEST_F(RouterTest, TellsEachLineWithItsService) {
  const UniqueFd web = connect(add("web", sink_));
  const UniqueFd db = connect(add("db", sink_));
  say(web, "one\nunfin");
  loop_.serve();
  say(db, "two\n");
  loop_.serve();
  say(web, "ished\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | one\ndb | two\nweb | unfinished\n");
}

TEST_F(RouterTest, KeepsStdoutAndStderrApart) {
  const Route route =
      router_.add({.service = "web",
                   .formats = {{{.kind = FormatKind::raw}, {.kind = FormatKind::raw}}},
                   .sinks = {&sink_, &other_}});
  const UniqueFd out = connect(route);
  const UniqueFd error = connect(route, Stream::err);
  say(out, "out\n");
  say(error, "err\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "out\n");
  EXPECT_EQ(other_.text(), "err\n");
}

TEST_F(RouterTest, LosesNoLastLineWithoutANewline) {
  {
    const UniqueFd web = connect(add("web", sink_));
    say(web, "last words");
    loop_.serve();
    EXPECT_EQ(sink_.text(), "");
  }
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | last words\n");
  EXPECT_TRUE(router_.idle());
}

TEST_F(RouterTest, LeavesRawBytesAlone) {
  const std::string text("a\0b\r\n\x1b[2J\xff\nlast", 14);
  {
    const UniqueFd web = connect(add("web", sink_, FormatKind::raw));
    say(web, text);
  }
  loop_.serve();
  EXPECT_EQ(sink_.text(), text);
}

TEST_F(RouterTest, BeginsTheNextIncarnationOnALineOfItsOwn) {
  const Route web = add("web", sink_, FormatKind::raw);
  say(connect(web), "killed in the mid");
  loop_.serve();
  say(connect(web), "started\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "killed in the mid\nstarted\n");
}

TEST_F(RouterTest, SaysTheProcessAndTheTimeInJson) {
  const UniqueFd web = connect(add("web", sink_, FormatKind::json));
  say(web, "hello\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(),
            R"({"time":"1970-01-01T12:00:00.000000000Z","service":"web","stream":"stdout",)"
            R"("pid":42,"message":"hello"})"
            "\n");
}

TEST_F(RouterTest, ShowsEachLineToWhoListens) {
  const Route web = add("web", sink_, FormatKind::raw);
  const UniqueFd out = connect(web);
  std::vector<std::string> heard;
  router_.listen(web, [&](const Line& line) { heard.emplace_back(line.text); });
  say(out, "starting\nready\n");
  loop_.serve();
  router_.listen(web, nullptr);
  say(out, "more\n");
  loop_.serve();
  EXPECT_THAT(heard, ElementsAre("starting", "ready"));
  EXPECT_EQ(sink_.text(), "starting\nready\nmore\n");
}

TEST_F(RouterTest, PassesOnLinesThatComeAnotherWay) {
  router_.write_line(add("pid1", sink_), Stream::err, 1, "web: failed");
  EXPECT_EQ(sink_.text(), "pid1 | web: failed\n");
}

TEST_F(RouterTest, RemembersLastLinesAlsoOfOutputThatGoesNowhere) {
  const Route web = router_.add({.service = "web"});
  const UniqueFd out = connect(web);
  say(out, "one\ntwo\nthree\n");
  loop_.serve();
  EXPECT_THAT(router_.recent().last(web, 2), ElementsAre("two", "three"));
}

TEST_F(RouterTest, KnowsTheLastLinesOfAProcessAsSoonAsItHasEnded) {
  const Route web = add("web", sink_);
  const UniqueFd orphans = connect(web);
  say(orphans, std::string(20'000, 'x') + "\ncannot open the door\n");
  router_.process_ended(web);
  EXPECT_THAT(router_.recent().last(web, 1), ElementsAre("cannot open the door"));
}

TEST_F(RouterTest, SlowsOnlyTheServiceWhoseSinkIsSlow) {
  MemorySink& slow = other_;
  slow.set_room(10);
  const UniqueFd blocked = connect(add("slow", slow));
  const UniqueFd other = connect(add("other", sink_));
  while (!slow.congested()) {
    fill(blocked);
    loop_.serve();
  }
  const std::size_t stuck = fill(blocked);
  loop_.serve();
  EXPECT_EQ(fill(blocked), 0u) << "its pipe is full, and stays so";
  say(other, "I am fine\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "other | I am fine\n");
  const auto lines_of = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  slow.set_room(~std::size_t{0});
  loop_.serve();
  EXPECT_GT(fill(blocked), 0u) << "it goes on";
  EXPECT_GE(lines_of(slow.text()), static_cast<std::ptrdiff_t>(stuck / 11));
}

TEST_F(RouterTest, TakesFromOneThatMayNotBlockAndSaysWhatItHasLost) {
  MemorySink& slow = other_;
  slow.set_room(0);
  const Route loud = add("loud", slow, FormatKind::prefix, Mode::non_blocking);
  const UniqueFd service = connect(loud);
  std::uint64_t said = 0;
  while (router_.lost_lines(loud) == 0) {
    say(service, "line " + std::to_string(said++) + "\n");
    loop_.serve();
  }
  slow.set_room(~std::size_t{0});
  const std::uint64_t lost = router_.lost_lines(loud);
  EXPECT_THAT(slow.text(), ::testing::HasSubstr("\nloud | pid1: " + std::to_string(lost) +
                                                " lines of loud were lost here"));
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(slow.text(), '\n'));
  EXPECT_EQ(lines - 1 + lost, said);
  EXPECT_TRUE(slow.text().ends_with("loud | line " + std::to_string(said - 1) + "\n"));
  EXPECT_TRUE(router_.idle() || router_.connections() == 1);
}

TEST_F(RouterTest, HearsAnOrphanAfterTheEndOfItsService) {
  const Route web = add("web", sink_);
  const UniqueFd orphan = connect(web);
  router_.process_ended(web);
  const UniqueFd next = connect(web);
  say(orphan, "late\n");
  loop_.serve();
  say(next, "new\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | late\nweb | new\n");
}

TEST_F(RouterTest, HoldsNoMorePipesOfOrphansThanItMay) {
  const Route web = add("web", sink_);
  std::vector<UniqueFd> orphans;
  for (int i = 0; i < 4; ++i) {
    orphans.push_back(connect(web));
    say(orphans.back(), "unfinished " + std::to_string(i));
    router_.process_ended(web);
  }
  EXPECT_EQ(router_.connections(), 2u);
  EXPECT_EQ(sink_.text(), "web | unfinished 0\nweb | unfinished 1\n");
}

TEST_F(RouterTest, HoldsNoPipeOfAnOrphanForEver) {
  Router router(loop_, {.routes = 1, .longest_held = std::chrono::nanoseconds(1)});
  const Route web = router.add({.service = "web", .sinks = {&sink_, &sink_}});
  auto pipe = system::make_pipe(1u << 20);
  EXPECT_EQ(router.connect(web, Stream::out, std::move(pipe->reading)), 0);
  router.process_ended(web);
  EXPECT_EQ(router.connections(), 1u);
  EXPECT_EQ(loop_.ring(), 1u);
  EXPECT_EQ(router.connections(), 0u);
  EXPECT_TRUE(router.idle());
}

TEST_F(RouterTest, TakesALineOf100MegabytesInParts) {
  constexpr std::size_t size = 100'000'000;
  const Route web = add("web", sink_);
  {
    const UniqueFd out = connect(web);
    if (fork() == 0) {
      const std::string part(1'000'000, 'x');
      for (std::size_t i = 0; i < size / part.size(); ++i) {
        if (write(out.get(), part.data(), part.size()) < 0) _exit(1);
      }
      _exit(write(out.get(), "\nend\n", 5) == 5 ? 0 : 1);
    }
  }
  std::size_t count = 0;
  std::string last;
  ASSERT_TRUE(loop_.serve_until([&] {
    count += static_cast<std::size_t>(std::ranges::count(sink_.text(), 'x'));
    if (!sink_.text().empty()) last = sink_.text();
    sink_.clear();
    return router_.idle();
  }));
  EXPECT_EQ(count, size);
  EXPECT_TRUE(last.ends_with("\nweb | end\n"));
  int status = 1;
  EXPECT_GT(wait(&status), 0);
  EXPECT_EQ(status, 0);
}

// Each of ten services at once writes numbered lines of uneven lengths, in writes that end
// anywhere.
std::string line_of(int number) {
  return std::to_string(number) + std::string(static_cast<std::size_t>(number * 7919 % 300), '.') +
         "\n";
}

[[noreturn]] void write_lines(int fd, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += line_of(i);
    if (text.size() < 30'000 && i + 1 < count) continue;
    for (std::string_view rest = text; !rest.empty();) {
      const ssize_t written = write(fd, rest.data(), std::min<std::size_t>(rest.size(), 7001));
      if (written <= 0) _exit(1);
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    text.clear();
  }
  _exit(0);
}

TEST_F(RouterTest, LosesDoublesAndTearsNothingOfTenServicesAtOnce) {
  constexpr int lines = 50'000;
  constexpr int services = 10;
  for (int i = 0; i < services; ++i) {
    const UniqueFd out = connect(add("s" + std::to_string(i), sink_));
    if (fork() == 0) write_lines(out.get(), lines);
  }
  std::map<std::string, int> next;
  ASSERT_TRUE(loop_.serve_until([&] {
    std::string_view text = sink_.text();
    while (!text.empty()) {
      const std::size_t bar = text.find(" | ");
      const std::size_t newline = text.find('\n');
      int& number = next[std::string(text.substr(0, bar))];
      if (text.substr(bar + 3, newline - bar - 2) != line_of(number++)) {
        ADD_FAILURE() << text.substr(0, newline);
        return true;
      }
      text.remove_prefix(newline + 1);
    }
    sink_.clear();
    return router_.idle();
  }));
  EXPECT_EQ(next.size(), static_cast<std::size_t>(services));
  for (const auto& [service, count] : next) EXPECT_EQ(count, lines) << service;
  for (int i = 0; i < services; ++i) EXPECT_GT(wait(nullptr), 0);
}

TEST_F(RouterTest, ServesAThousandServices) {
  constexpr std::size_t services = 1000;
  struct rlimit descriptors = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  descriptors.rlim_cur = descriptors.rlim_max = std::max<rlim_t>(descriptors.rlim_max, 4096);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
  constexpr std::size_t memory = 1u << 20;
  Router router(loop_, {.routes = services, .rest = {}, .recent_total = memory});
  std::vector<UniqueFd> writing;
  for (std::size_t i = 0; i < services; ++i) {
    const Route route = router.add({.service = std::to_string(i), .sinks = {&sink_, &sink_}});
    auto pipe = system::make_pipe(std::size_t{64} << 10);
    ASSERT_TRUE(pipe);
    ASSERT_EQ(router.connect(route, Stream::out, std::move(pipe->reading)), 0);
    writing.push_back(std::move(pipe->writing));
  }
  for (const UniqueFd& service : writing) say(service, std::string(5000, 'x') + "\nand\nmore");
  writing.clear();
  ASSERT_TRUE(loop_.serve_until([&] { return router.idle(); }));
  EXPECT_EQ(std::ranges::count(sink_.text(), '\n'), static_cast<std::ptrdiff_t>(3 * services));
  EXPECT_LE(router.recent().memory(), memory);
  EXPECT_THAT(router.recent().last(services - 1, 1), ElementsAre("more"));
}

TEST_F(RouterTest, ReadsWhatTricklesLessOftenAndMoreAtATime) {
  Router router(loop_, {.routes = 1, .now = at_noon});
  const Route web = router.add({.service = "web", .sinks = {&sink_, &sink_}});
  auto pipe = system::make_pipe(std::size_t{64} << 10);
  ASSERT_EQ(router.connect(web, Stream::out, std::move(pipe->reading)), 0);
  say(pipe->writing, "one\n");
  loop_.serve();
  say(pipe->writing, "two\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | one\nweb | two\n") << "who says little is heard at once";
  say(pipe->writing, "three\n");
  loop_.serve();
  say(pipe->writing, "four\n");
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | one\nweb | two\n") << "it rests now";
  EXPECT_EQ(loop_.ring(), 1u);
  loop_.serve();
  EXPECT_EQ(sink_.text(), "web | one\nweb | two\nweb | three\nweb | four\n");
}

TEST_F(RouterTest, ReadsWhatARestHasLeftWhenTheProcessHasEnded) {
  Router router(loop_, {.routes = 1, .now = at_noon});
  const Route web = router.add({.service = "web", .sinks = {&sink_, &sink_}});
  auto pipe = system::make_pipe(std::size_t{64} << 10);
  ASSERT_EQ(router.connect(web, Stream::out, std::move(pipe->reading)), 0);
  for (const char* line : {"one\n", "two\n", "three\n"}) {
    say(pipe->writing, line);
    loop_.serve();
  }
  pipe->writing.reset();
  router.process_ended(web);
  EXPECT_EQ(sink_.text(), "web | one\nweb | two\nweb | three\n");
  EXPECT_TRUE(router.idle());
  loop_.ring();
}

TEST_F(RouterTest, GivesEachServiceItsTurn) {
  const Route loud = add("loud", sink_);
  const Route quiet = add("quiet", sink_);
  const UniqueFd one = connect(loud);
  const UniqueFd other = connect(quiet);
  fill(one);
  say(other, "heard\n");
  EXPECT_EQ(loop_.poller().serve(2), 2u);
  EXPECT_THAT(sink_.text(), ::testing::HasSubstr("quiet | heard\n"));
  EXPECT_THAT(sink_.text(), ::testing::HasSubstr("loud | "));
}

}  // namespace
}  // namespace pid1::output
