#include "supervisor/output/line_splitter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace pid1::output {
namespace {

struct Taken {
  std::string text;
  Part part;
  bool operator==(const Taken&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Taken& line) {
  return out << line.text.substr(0, 40) << " (" << line.text.size() << ", part "
             << static_cast<int>(line.part) << ')';
}

// What a stream of these chunks becomes.
std::vector<Taken> lines_of(const std::vector<std::string>& chunks) {
  LineSplitter splitter;
  std::vector<Taken> lines;
  const auto take = [&](const Block& block) {
    splitter.cut(block, [&](const Line& line) {
      lines.push_back({std::string(line.text), line.part});
    });
  };
  for (const std::string& chunk : chunks) splitter.feed(chunk, take);
  splitter.finish(take);
  return lines;
}

std::string bytes_of(const std::vector<std::string>& chunks) {
  LineSplitter splitter;
  std::string bytes;
  const auto take = [&](const Block& block) { bytes += block.text; };
  for (const std::string& chunk : chunks) splitter.feed(chunk, take);
  splitter.finish(take);
  return bytes;
}

std::vector<Taken> whole(const std::vector<std::string>& texts) {
  std::vector<Taken> lines;
  for (const std::string& text : texts) lines.push_back({text, Part::whole});
  return lines;
}

std::string joined(const std::vector<std::string>& chunks) {
  std::string text;
  for (const std::string& chunk : chunks) text += chunk;
  return text;
}

// What each line of the text is, by the plainest code there is.
std::vector<std::string> plain_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t newline; (newline = text.find('\n', from)) != std::string::npos;
       from = newline + 1) {
    lines.push_back(text.substr(from, newline - from));
  }
  if (from < text.size()) lines.push_back(text.substr(from));
  return lines;
}

TEST(LineSplitter, FindsEveryLineOfAChunk) {
  EXPECT_EQ(lines_of({"one\ntwo\n\nfour\n"}), whole({"one", "two", "", "four"}));
}

TEST(LineSplitter, JoinsALineThatComesInPieces) {
  EXPECT_EQ(lines_of({"o", "n", "e\ntw", "o", "\n"}), whole({"one", "two"}));
}

TEST(LineSplitter, KeepsALastLineWithoutANewline) {
  EXPECT_EQ(lines_of({"one\ntwo"}), whole({"one", "two"}));
  EXPECT_EQ(bytes_of({"one\ntwo"}), "one\ntwo");
}

TEST(LineSplitter, SaysNothingOfAnEmptyStream) { EXPECT_EQ(lines_of({"", ""}), whole({})); }

TEST(LineSplitter, LeavesTheLongestLineWhole) {
  const std::string longest(kLongestLine, 'x');
  EXPECT_EQ(lines_of({longest + "\n"}), whole({longest}));
  EXPECT_EQ(lines_of({longest, "\n"}), whole({longest}));
  EXPECT_EQ(lines_of({longest}), whole({longest}));
}

TEST(LineSplitter, MarksThePartsOfALongerOne) {
  const std::string part(kLongestLine, 'x');
  const std::vector<Taken> two = {{part, Part::first}, {"x", Part::last}, {"next", Part::whole}};
  EXPECT_EQ(lines_of({part + "x\nnext\n"}), two);
  EXPECT_EQ(lines_of({part, "x\nnext\n"}), two);
  EXPECT_EQ(lines_of({part + "x", "\nnext\n"}), two);
  EXPECT_EQ(lines_of({part + part + "y"}),
            (std::vector<Taken>{{part, Part::first}, {part, Part::middle}, {"y", Part::last}}));
}

TEST(LineSplitter, CutsNoCharacterOfALongLine) {
  const std::string part(kLongestLine - 1, 'x');
  const std::vector<Taken> expected = {{part, Part::first}, {"\u20ac", Part::last}};
  EXPECT_EQ(lines_of({part + "\u20ac\n"}), expected);
  EXPECT_EQ(lines_of({part + "\xe2", "\x82\xac\n"}), expected);
  EXPECT_EQ(lines_of({part + "\xe2\x82", "\xac\n"}), expected);
}

TEST(LineSplitter, KeepsNoMoreThanOneLine) {
  LineSplitter splitter;
  std::size_t taken = 0;
  const std::string chunk(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    splitter.feed(chunk, [&](const Block& block) { taken += block.text.size(); });
    EXPECT_LE(static_cast<std::size_t>(i + 1) * 1000 - taken, kLongestLine);
  }
}

// Text of lines short and long, in chunks of any size.
std::vector<std::string> arbitrary_chunks() {
  std::vector<std::string> chunks;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    if (*rc::gen::inRange(0, 4) == 0) {
      chunks.emplace_back(static_cast<std::size_t>(*rc::gen::inRange(0, 150'000)), 'x');
    } else {
      chunks.push_back(*rc::gen::container<std::string>(rc::gen::element('a', '\n', '\0', '\xe2')));
    }
  }
  return chunks;
}

RC_GTEST_PROP(LineSplitter, LosesDoublesAndTearsNothing, ()) {
  const std::vector<std::string> chunks = arbitrary_chunks();
  RC_ASSERT(bytes_of(chunks) == joined(chunks));
  std::vector<std::string> lines;
  bool inside = false;
  for (const Taken& line : lines_of(chunks)) {
    RC_ASSERT(line.text.size() <= kLongestLine);
    RC_ASSERT((line.part == Part::middle || line.part == Part::last) == inside);
    if (inside) {
      lines.back() += line.text;
    } else {
      lines.push_back(line.text);
    }
    inside = goes_on(line.part);
  }
  RC_ASSERT(!inside);
  RC_ASSERT(lines == plain_lines(joined(chunks)));
}

RC_GTEST_PROP(LineSplitter, AnswersTheSameHoweverTheBytesCome, ()) {
  const std::string text = joined(arbitrary_chunks());
  std::vector<std::string> chunks;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = static_cast<std::size_t>(*rc::gen::inRange(1, 100'000));
    chunks.push_back(text.substr(at, length));
    at += length;
  }
  RC_ASSERT(lines_of(chunks) == lines_of({text}));
}

}  // namespace
}  // namespace pid1::output
