#include "supervisor/output/recent_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pid1::output {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::size_t kEach = 4096;
constexpr std::size_t kEnough = 1u << 20;

void say(RecentLines& lines, std::size_t service, std::string_view text,
         Stream stream = Stream::out) {
  lines.add(service, {.stream = stream, .text = text});
}

std::string all_text(const RecentLines& lines, std::size_t service) {
  std::string text;
  lines.visit(service, [&](const RecentText& recent) { text += recent.text; });
  return text;
}

std::string numbered(int number) { return "line " + std::to_string(number) + "\n"; }

TEST(RecentLines, AreThoseThatCameLast) {
  RecentLines lines(1, kEach, kEnough);
  for (int i = 0; i < 10'000; ++i) say(lines, 0, numbered(i));
  EXPECT_THAT(lines.last(0, 2), ElementsAre("line 9998", "line 9999"));
  EXPECT_LE(lines.memory(), kEach);
}

TEST(RecentLines, KeepWhoWroteAndWhen) {
  RecentLines lines(1, kEach, kEnough);
  const WallTime time(std::chrono::nanoseconds(5));
  lines.add(0, {.stream = Stream::err, .moment = {.time = time, .pid = 7}, .text = "x\n"});
  int seen = 0;
  lines.visit(0, [&](const RecentText& recent) {
    ++seen;
    EXPECT_EQ(recent.stream, Stream::err);
    EXPECT_EQ(recent.moment.time, time);
    EXPECT_EQ(recent.moment.pid, 7);
    EXPECT_EQ(recent.text, "x\n");
  });
  EXPECT_EQ(seen, 1);
}

TEST(RecentLines, AreEachServicesOwn) {
  RecentLines lines(2, kEach, kEnough);
  say(lines, 0, "mine\n");
  EXPECT_THAT(lines.last(0, 9), ElementsAre("mine"));
  EXPECT_THAT(lines.last(1, 9), IsEmpty());
}

TEST(RecentLines, JoinTheirPartsByStream) {
  RecentLines lines(1, kEach, kEnough);
  say(lines, 0, "o");
  say(lines, 0, "er", Stream::err);
  say(lines, 0, "ut\nunfinished");
  say(lines, 0, "r\n", Stream::err);
  EXPECT_THAT(lines.last(0, 9), ElementsAre("out", "err", "unfinished"));
}

TEST(RecentLines, OfALargeTextAreItsLast) {
  RecentLines lines(1, kEach, kEnough);
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += numbered(i);
  say(lines, 0, text);
  const std::string kept = all_text(lines, 0);
  EXPECT_TRUE(text.ends_with(kept));
  EXPECT_TRUE(kept.starts_with("line "));
  EXPECT_GT(kept.size(), kEach / 2);
}

TEST(RecentLines, OfALineWithoutAnEndAreItsEnd) {
  RecentLines lines(1, kEach, kEnough);
  say(lines, 0, std::string(100'000, 'x') + "end\n");
  ASSERT_THAT(lines.last(0, 1), SizeIs(1));
  EXPECT_TRUE(lines.last(0, 1)[0].ends_with("xend"));
}

TEST(RecentLines, NeverTakeMoreThanTheirTotal) {
  RecentLines lines(100, kEach, 64 * 1024);
  for (int i = 0; i < 1000; ++i) {
    for (std::size_t service = 0; service < 100; ++service) {
      say(lines, service, numbered(i));
      ASSERT_LE(lines.memory(), 64u * 1024);
    }
  }
}

TEST(RecentLines, OfAQuietServiceAreNotPushedOutByALoudOne) {
  RecentLines lines(3, kEach, 2 * kEach);
  say(lines, 0, "quiet\n");
  for (int i = 0; i < 10'000; ++i) say(lines, 1, numbered(i));
  EXPECT_THAT(lines.last(0, 1), ElementsAre("quiet"));
}

TEST(RecentLines, OfAServiceThatComesLateTakeRoomFromTheLoudest) {
  RecentLines lines(2, kEach, kEach);
  for (int i = 0; i < 10'000; ++i) say(lines, 0, numbered(i));
  say(lines, 1, "late\n");
  EXPECT_THAT(lines.last(1, 1), ElementsAre("late"));
  EXPECT_THAT(lines.last(0, 1), ElementsAre("line 9999"));
  EXPECT_LE(lines.memory(), kEach);
}

TEST(RecentLines, AreNoneWhereThereIsNoMemoryForThem) {
  RecentLines lines(1, kEach, 0);
  say(lines, 0, "x\n");
  EXPECT_THAT(lines.last(0, 1), IsEmpty());
  EXPECT_EQ(lines.memory(), 0u);
}

RC_GTEST_PROP(RecentLines, AreAlwaysTheEndOfWhatWasSaid, ()) {
  RecentLines lines(2, kEach, 6000);
  std::string said[2];
  const int count = *rc::gen::inRange(0, 200);
  for (int i = 0; i < count; ++i) {
    const auto service = static_cast<std::size_t>(*rc::gen::inRange(0, 2));
    const auto length = static_cast<std::size_t>(*rc::gen::inRange(0, *rc::gen::element(20, 9000)));
    std::string text(length, static_cast<char>('a' + i % 26));
    for (std::size_t at = 50; at < text.size(); at += 51) text[at] = '\n';
    text += '\n';
    say(lines, service, text);
    said[service] += text;
    RC_ASSERT(said[service].ends_with(all_text(lines, service)));
    RC_ASSERT(!all_text(lines, service).empty());
    RC_ASSERT(said[1 - service].ends_with(all_text(lines, 1 - service)));
    RC_ASSERT(lines.memory() <= 6000u);
  }
}

}  // namespace
}  // namespace pid1::output
