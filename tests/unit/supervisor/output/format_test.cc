#include "supervisor/output/format.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>

#include "supervisor/output/harmless.h"
#include "supervisor/output/text_scan.h"
#include "supervisor/output/timestamp.h"

namespace pid1::output {
namespace {

using std::chrono::nanoseconds;

constexpr Moment kMoment = {.time = WallTime(nanoseconds(1'795'647'745'123'456'789)), .pid = 42};

std::string formatted(const Origin& origin, const FormatOptions& options, const Line& line) {
  const auto format = make_format(origin, options);
  format->begin(kMoment);
  std::string text;
  format->append(line, text);
  return text;
}

boost::json::object parsed(const Origin& origin, const Line& line) {
  const std::string text = formatted(origin, {.kind = FormatKind::json}, line);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  return boost::json::parse(text).as_object();
}

std::string message_of(std::string_view text) {
  return std::string(parsed({.service = "web"}, {text}).at("message").as_string());
}

std::string harmless(std::string_view text) {
  std::string result;
  append_harmless(text, result);
  return result;
}

const FormatOptions kTerminal = {.reader = Reader::terminal};

TEST(Timestamp, IsThatOfRfc3339WithNanoseconds) {
  EXPECT_EQ(Timestamp(kMoment.time).text(), "2026-11-25T23:02:25.123456789Z");
  EXPECT_EQ(Timestamp(WallTime()).text(), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(Timestamp(WallTime(nanoseconds(951'782'399'000'000'001))).text(),
            "2000-02-28T23:59:59.000000001Z");
  EXPECT_EQ(Timestamp(WallTime(nanoseconds(-1))).text(), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(Timestamp(kMoment.time).date_and_time(), "2026-11-25T23:02:25.123456");
}

TEST(PrefixFormat, PutsTheNameBeforeEachLine) {
  EXPECT_EQ(formatted({.service = "web"}, {.name_width = 6}, {"hello"}), "web    | hello\n");
}

TEST(PrefixFormat, ShowsTheTagInPlaceOfTheName) {
  EXPECT_EQ(formatted({.service = "web", .tag = "shop"}, {}, {"hello"}), "shop | hello\n");
}

TEST(PrefixFormat, AlignsByCharacters) {
  EXPECT_EQ(formatted({.service = "w", .tag = "\u00fcber"}, {.name_width = 6}, {"x"}),
            "\u00fcber   | x\n");
}

TEST(PrefixFormat, ShowsTheTimeWhereItIsAskedTo) {
  EXPECT_EQ(formatted({.service = "web"}, {.timestamps = true}, {"hello"}),
            "web | 2026-11-25T23:02:25.123456789Z hello\n");
}

TEST(PrefixFormat, GivesNeighboursDifferentColoursAndLeavesTheTextPlain) {
  const std::string first = formatted({.service = "a"}, {.color = 0}, {"x"});
  const std::string second = formatted({.service = "a"}, {.color = 1}, {"x"});
  EXPECT_EQ(first, "\x1b[36ma |\x1b[0m x\n");
  EXPECT_EQ(second, "\x1b[33ma |\x1b[0m x\n");
}

TEST(PrefixFormat, MarksWhereALineWasCut) {
  EXPECT_EQ(formatted({.service = "a"}, {}, {"x", Part::first}), "a | x[...]\n");
  EXPECT_EQ(formatted({.service = "a"}, {}, {"x", Part::middle}), "a | [...]x[...]\n");
  EXPECT_EQ(formatted({.service = "a"}, {}, {"x", Part::last}), "a | [...]x\n");
}

TEST(PrefixFormat, LeavesBytesAloneThatAProgramReads) {
  const std::string_view text("a\r\0\x1b[2J\xff\xc2\x9b", 10);
  EXPECT_EQ(formatted({.service = "a"}, {}, {text}), "a | " + std::string(text) + "\n");
}

TEST(PrefixFormat, LetsNoLineForgeAnotherOrClearATerminal) {
  EXPECT_EQ(formatted({.service = "a"}, kTerminal, {"x\rpid1 | stopped"}),
            "a | x\\x0dpid1 | stopped\n");
  EXPECT_EQ(formatted({.service = "a"}, kTerminal, {"\x1b[2Jx"}), "a | \\x1b[2Jx\n");
}

TEST(PrefixFormat, TakesCrLfForTheEndOfALineOnATerminal) {
  EXPECT_EQ(formatted({.service = "a"}, kTerminal, {"x\r"}), "a | x\n");
  EXPECT_EQ(formatted({.service = "a"}, kTerminal, {"x\r", Part::first}), "a | x\\x0d[...]\n");
}

TEST(Harmless, ShowsControlsAndBrokenUtf8AsBytes) {
  EXPECT_EQ(harmless(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(harmless("\x7f\xc2\x9b\xff"), "\\x7f\\xc2\\x9b\\xff");
  EXPECT_EQ(harmless("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"),
            "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82");
}

TEST(Harmless, LeavesWhatIsReadable) {
  const std::string text = "C:\\new\t\"x\" \u00e9 \u20ac \U0001f600 \xc2\xa0";
  EXPECT_EQ(harmless(text), text);
}

RC_GTEST_PROP(Harmless, IsIdempotentAndPrintable, (const std::string& text)) {
  const std::string once = harmless(text);
  RC_ASSERT(harmless(once) == once);
  for (const char c : once) RC_ASSERT((c < 0 || c >= ' ' || c == '\t') && c != 0x7f);
}

TEST(JsonFormat, SaysWhenWhoAndWhat) {
  const auto line = parsed(
      {.service = "web", .replica = 2, .stream = Stream::err, .tag = "t", .labels = {{"k", "v\""}}},
      {"hello"});
  EXPECT_EQ(line, boost::json::parse(R"({"time": "2026-11-25T23:02:25.123456789Z", "service": "web",
      "replica": 2, "tag": "t", "labels": {"k": "v\""}, "stream": "stderr", "pid": 42,
      "message": "hello"})"));
}

TEST(JsonFormat, LeavesOutWhatThereIsNot) {
  EXPECT_EQ(
      formatted({.service = "web"}, {.kind = FormatKind::json}, {""}),
      R"({"time":"2026-11-25T23:02:25.123456789Z","service":"web","stream":"stdout","pid":42,)"
      "\"message\":\"\"}\n");
}

TEST(JsonFormat, MarksEachPartThatGoesOn) {
  EXPECT_TRUE(parsed({.service = "a"}, {"x", Part::first}).contains("partial"));
  EXPECT_TRUE(parsed({.service = "a"}, {"x", Part::middle}).contains("partial"));
  EXPECT_FALSE(parsed({.service = "a"}, {"x", Part::last}).contains("partial"));
  EXPECT_FALSE(parsed({.service = "a"}, {"x", Part::whole}).contains("partial"));
}

TEST(JsonFormat, GivesBackWhatWasValid) {
  const std::string text =
      std::string("\"\\\t\r\0\x1b\x7f/", 8) + "\u0085\u00e9\u20ac\U0001f600\u2028";
  EXPECT_EQ(message_of(text), text);
}

TEST(JsonFormat, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(message_of("a\xff\xc3(\xed\xa0\x80"), "a\ufffd\ufffd(\ufffd\ufffd\ufffd");
}

TEST(JsonFormat, WritesNoControlCharacterItself) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  for (const char c :
       formatted({.service = "a"}, {.kind = FormatKind::json}, {every + "\xc2\x9b"})) {
    EXPECT_TRUE(c == '\n' || c < 0 || (c >= ' ' && c != 0x7f)) << static_cast<int>(c);
  }
}

RC_GTEST_PROP(JsonFormat, IsJsonWhateverComes, (const std::string& text, std::uint8_t filling)) {
  // Each place in a word of eight.
  const std::string shifted = std::string(filling % 8, 'x') + text;
  const std::string message = message_of(shifted);
  RC_ASSERT(boost::json::parse("\"" +
                               [&] {
                                 std::string escaped;
                                 for (const char c : message) {
                                   if (c == '"' || c == '\\') escaped += '\\';
                                   if (c >= 0 && c < ' ') continue;
                                   escaped += c;
                                 }
                                 return escaped;
                               }() +
                               "\"")
                .is_string());
  if (std::ranges::all_of(shifted, [](char c) { return c >= 0; })) RC_ASSERT(message == shifted);
}

RC_GTEST_PROP(TextScan, StopsWhereTheFirstSpecialByteIs, (const std::string& text)) {
  const auto plain = [](char c) { return c >= ' ' && c < 0x7f; };
  const auto json = [&](char c) { return plain(c) && c != '"' && c != '\\'; };
  const auto first_not = [&](auto rule) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, rule) - text.begin());
  };
  RC_ASSERT(printable_run(text) == first_not(plain));
  RC_ASSERT(json_run(text) == first_not(json));
}

TEST(TextScan, JudgesEachByteInEachPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text[place] = static_cast<char>(byte);
      const bool plain = byte >= 0x20 && byte < 0x7f;
      EXPECT_EQ(printable_run(text), plain ? 20 : place) << byte;
      EXPECT_EQ(json_run(text), plain && byte != '"' && byte != '\\' ? 20 : place) << byte;
    }
  }
}

TEST(Color, IsForTerminalsUnlessSomebodyObjects) {
  using enum ColorChoice;
  EXPECT_TRUE(wants_color(automatic, Reader::terminal, nullptr, "xterm"));
  EXPECT_TRUE(wants_color(automatic, Reader::terminal, "", nullptr));
  EXPECT_FALSE(wants_color(automatic, Reader::program, nullptr, "xterm"));
  EXPECT_FALSE(wants_color(automatic, Reader::terminal, "1", "xterm"));
  EXPECT_FALSE(wants_color(automatic, Reader::terminal, nullptr, "dumb"));
  EXPECT_TRUE(wants_color(always, Reader::program, "1", "dumb"));
  EXPECT_FALSE(wants_color(never, Reader::terminal, nullptr, "xterm"));
}

}  // namespace
}  // namespace pid1::output
