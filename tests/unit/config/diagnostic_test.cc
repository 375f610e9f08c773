#include "config/diagnostic.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace pid1::config {
namespace {

SourcePtr source(std::string text, std::string name = "a.yaml") {
  return std::make_shared<Source>(Source{std::move(name), std::move(text)});
}

Diagnostic error_at(const SourcePtr& text, std::uint32_t line, std::uint32_t column,
                    std::string message = "no", std::string hint = {}) {
  return {Severity::error, {text, line, column}, std::move(message), std::move(hint)};
}

TEST(Render, ShowsPlaceLineCaretAndHint) {
  EXPECT_EQ(render(error_at(source("a: 1\nbc: 22\n"), 2, 5, "expected a list", "write [22]")),
            "a.yaml:2:5: error: expected a list\n"
            "bc: 22\n"
            "    ^\n"
            "hint: write [22]\n");
}

TEST(Render, LeavesOutTheHintWhereThereIsNone) {
  EXPECT_EQ(render(error_at(source("a"), 1, 1)), "a.yaml:1:1: error: no\na\n^\n");
}

TEST(Render, NamesAWarningOne) {
  Diagnostic warning = error_at(source("a"), 1, 1);
  warning.severity = Severity::warning;
  EXPECT_EQ(render(warning), "a.yaml:1:1: warning: no\na\n^\n");
}

TEST(Render, ShowsNoLineForTheWholeFile) {
  EXPECT_EQ(render(error_at(source("a: 1\n"), 0, 0)), "a.yaml: error: no\n");
}

TEST(Render, ShowsNoPlaceOutsideAnyFile) {
  EXPECT_EQ(render(error_at(nullptr, 0, 0, "no", "yes")), "error: no\nhint: yes\n");
}

TEST(Render, ShowsNoExcerptOfAnEmptyOrMissingLine) {
  EXPECT_EQ(render(error_at(source("a\n\nb"), 2, 1)), "a.yaml:2:1: error: no\n");
  EXPECT_EQ(render(error_at(source("a"), 7, 1)), "a.yaml:7:1: error: no\n");
  EXPECT_EQ(render(error_at(source(""), 1, 1)), "a.yaml:1:1: error: no\n");
}

TEST(Render, PutsTheCaretUnderTheSameColumnAfterTabs) {
  EXPECT_EQ(render(error_at(source("a:\t\tb"), 1, 5)), "a.yaml:1:5: error: no\na:\t\tb\n  \t\t^\n");
}

TEST(Render, CountsCodePointsForTheCaretThoughColumnsAreBytes) {
  EXPECT_EQ(render(error_at(source("é€😀x"), 1, 10)), "a.yaml:1:10: error: no\né€😀x\n   ^\n");
}

TEST(Render, PutsTheCaretAtTheBeginningOfACodePoint) {
  EXPECT_EQ(render(error_at(source("a€b"), 1, 3)), "a.yaml:1:3: error: no\na€b\n ^\n");
}

TEST(Render, PutsTheCaretBehindALineAtTheMost) {
  EXPECT_EQ(render(error_at(source("ab\ncd"), 1, 99)), "a.yaml:1:99: error: no\nab\n  ^\n");
  EXPECT_EQ(render(error_at(source("ab"), 1, 0)), "a.yaml:1:0: error: no\nab\n^\n");
}

TEST(Render, LeavesOutTheReturnOfACrlfFile) {
  EXPECT_EQ(render(error_at(source("ab\r\ncd\r\n"), 2, 2)), "a.yaml:2:2: error: no\ncd\n ^\n");
}

TEST(Render, LeavesOutAByteOrderMark) {
  EXPECT_EQ(render(error_at(source("\xEF\xBB\xBF"
                                   "ab"),
                            1, 2)),
            "a.yaml:1:2: error: no\nab\n ^\n");
}

TEST(Render, MakesControlCharactersOfEveryPartHarmless) {
  EXPECT_EQ(
      render(error_at(source("x\x1b[2J: y\x9b", "a\nb.yaml"), 1, 7, "bad \"\x1b[0m\"", "u\n")),
      "a\\x0ab.yaml:1:7: error: bad \"\\x1b[0m\"\n"
      "x\\x1b[2J: y\\x9b\n"
      "         ^\n"
      "hint: u\\x0a\n");
}

TEST(Render, CutsALongLineAfterTheCaret) {
  const std::string line = "key: " + std::string(500, 'v');
  EXPECT_EQ(render(error_at(source(line), 1, 6)),
            "a.yaml:1:6: error: no\n" + line.substr(0, 120) + "...\n     ^\n");
}

TEST(Render, CutsALongLineOnBothSidesOfTheCaret) {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  EXPECT_EQ(render(error_at(source(line), 1, 301)),
            "a.yaml:1:301: error: no\n..." + std::string(80, 'a') + "X" + std::string(39, 'b') +
                "...\n" + std::string(83, ' ') + "^\n");
}

TEST(Render, CutsALongLineBetweenCodePoints) {
  std::string line;
  for (int i = 0; i < 200; ++i) line += "€";
  std::string shown;
  for (int i = 0; i < 40; ++i) shown += "€";
  EXPECT_EQ(render(error_at(source(line), 1, 1)), "a.yaml:1:1: error: no\n" + shown + "...\n^\n");
  EXPECT_EQ(render(error_at(source(line), 1, 301)).find("\\x"), std::string::npos);
}

TEST(RenderAll, OrdersByFileLineAndColumn) {
  const SourcePtr a = source("", "a");
  const SourcePtr b = source("", "b");
  Diagnostics all;
  all.error({b, 2, 1}, "4");
  all.warning({a, 3, 1}, "6");
  all.error({b, 1, 9}, "3");
  all.warning({b, 1, 2}, "2");
  all.error({a, 1, 1}, "5");
  all.error({b, 0, 0}, "1");
  EXPECT_EQ(render(all),
            "b: error: 1\nb:1:2: warning: 2\nb:1:9: error: 3\nb:2:1: error: 4\n"
            "a:1:1: error: 5\na:3:1: warning: 6\n");
}

TEST(RenderAll, SaysOnceWhatWasSaidTwiceOfOnePlace) {
  const SourcePtr a = source("", "a");
  Diagnostics all;
  all.error({a, 1, 1}, "x");
  all.error({a, 1, 1}, "y");
  all.error({a, 1, 1}, "x");
  all.error({a, 2, 1}, "x");
  EXPECT_EQ(render(all), "a:1:1: error: x\na:1:1: error: y\na:2:1: error: x\n");
}

TEST(Diagnostics, CountsErrorsAlone) {
  Diagnostics all;
  EXPECT_FALSE(all.has_errors());
  all.warning({}, "w");
  EXPECT_FALSE(all.has_errors());
  all.error({}, "e");
  EXPECT_TRUE(all.has_errors());
  EXPECT_EQ(all.error_count(), 1u);
  EXPECT_EQ(all.all().size(), 2u);
}

struct PrintableCase {
  std::string_view text;
  std::string_view shown;
};

class Printable : public testing::TestWithParam<PrintableCase> {};

TEST_P(Printable, ShowsWhatIsHarmfulAsBytes) {
  EXPECT_EQ(printable(GetParam().text), GetParam().shown);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Cases, Printable,
    testing::Values(PrintableCase{"", ""}, PrintableCase{"plain", "plain"},
                    PrintableCase{"é€😀", "é€😀"}, PrintableCase{"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
                    PrintableCase{"\0"sv, "\\x00"}, PrintableCase{"\x7f", "\\x7f"},
                    PrintableCase{"\x1b]0;t\x07", "\\x1b]0;t\\x07"},
                    PrintableCase{"\u009b2J", "\\xc2\\x9b2J"},           // a C1 control
                    PrintableCase{"\u202egpj.", "\\xe2\\x80\\xaegpj."},  // right to left
                    PrintableCase{"a\u2028b", "a\\xe2\\x80\\xa8b"},      // line separator
                    PrintableCase{"\xff\xfe", "\\xff\\xfe"}, PrintableCase{"\x80", "\\x80"},
                    PrintableCase{"\xc3", "\\xc3"}, PrintableCase{"\xe2\x82", "\\xe2\\x82"},
                    PrintableCase{"\xc0\xaf", "\\xc0\\xaf"},                      // overlong
                    PrintableCase{"\xed\xa0\x80", "\\xed\\xa0\\x80"},             // surrogate
                    PrintableCase{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}));  // > U+10FFFF

TEST(Printable, IsTheSameWhenItIsDoneTwice) {
  const std::string once = printable("a\n\x1b\xff\u202e");
  EXPECT_EQ(printable(once), once);
}

TEST(InQuotes, PutsAPrintableTextInQuotes) {
  EXPECT_EQ(in_quotes("a\nb"), "\"a\\x0ab\"");
  EXPECT_EQ(in_quotes(""), "\"\"");
}

TEST(InQuotes, CutsALongTextBetweenCodePoints) {
  EXPECT_EQ(in_quotes(std::string(60, 'x')), '"' + std::string(60, 'x') + '"');
  EXPECT_EQ(in_quotes(std::string(61, 'x')), '"' + std::string(60, 'x') + "...\"");
  EXPECT_EQ(in_quotes(std::string(59, 'x') + "€"), '"' + std::string(59, 'x') + "...\"");
}

}  // namespace
}  // namespace pid1::config
