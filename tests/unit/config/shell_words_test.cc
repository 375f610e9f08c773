#include "config/shell_words.h"

#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/vectors.h"

namespace pid1::config {
namespace {

using Words = std::vector<std::string>;

TEST(ShellWords, AnswerAsComposeDoes) {
  const std::string cut_short = "Compose cuts the command short there without a word";
  const std::map<std::string, std::string> refused_on_purpose = {
      {"echo a && rm x", cut_short},
      {"echo a > f", cut_short},
      {"echo a 2>&1", cut_short},
      {"echo a&", cut_short},
  };
  std::size_t exceptions = 0;
  for (const auto& one :
       pid1::testing::read_vectors("tests/unit/config/vectors/shellwords.jsonl")) {
    const std::string text(one.at("in").as_string());
    SCOPED_TRACE(text);
    const auto result = split_shell_words(text);
    const auto* words = std::get_if<Words>(&result);
    if (refused_on_purpose.contains(text)) {
      ++exceptions;
      EXPECT_EQ(words, nullptr);
    } else if (one.at("err").is_null()) {
      ASSERT_NE(words, nullptr) << std::get<ScalarError>(result).message;
      Words theirs;
      for (const auto& word : one.at("out").as_array()) theirs.emplace_back(word.as_string());
      EXPECT_EQ(*words, theirs);
    } else {
      EXPECT_EQ(words, nullptr);
    }
  }
  EXPECT_EQ(exceptions, refused_on_purpose.size());
}

struct Case {
  std::string_view text;
  Words words;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << ::testing::PrintToString(one.text);
}

class SplitCommand : public ::testing::TestWithParam<Case> {};

TEST_P(SplitCommand, HasItsWords) {
  const auto result = split_shell_words(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<Words>(result));
  EXPECT_EQ(std::get<Words>(result), GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SplitCommand,
    ::testing::Values(Case{"a", {"a"}}, Case{"  a\tb\r\n c\n", {"a", "b", "c"}}, Case{"''", {""}},
                      Case{"a '' b", {"a", "", "b"}}, Case{"a''b", {"ab"}},
                      Case{"'a;b' \"c|d\" e\\&f", {"a;b", "c|d", "e&f"}},
                      Case{"'a\\nb'", {"a\\nb"}}, Case{"\"a\\\"b\"", {"a\"b"}},
                      Case{"it\\'s", {"it's"}}, Case{"a\\ b", {"a b"}},
                      Case{"\"it's\" 'say \"x\"'", {"it's", "say \"x\""}},
                      Case{"`a b` c", {"`a b`", "c"}}, Case{"\"`\"", {"`"}},
                      Case{"a\\tb", {"a\tb"}}, Case{"$PATH %h", {"$PATH", "%h"}},
                      Case{"nginx -g 'daemon off;'", {"nginx", "-g", "daemon off;"}},
                      Case{"\xC3\xA9\xC2\xA0x", {"\xC3\xA9\xC2\xA0x"}}));

struct Refused {
  std::string_view text;
  std::string_view message;
  std::string_view hint;
};

std::ostream& operator<<(std::ostream& out, const Refused& one) {
  return out << ::testing::PrintToString(one.text);
}

class RefusedCommand : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedCommand, SaysWhatToWrite) {
  const auto result = split_shell_words(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(result));
  EXPECT_EQ(std::get<ScalarError>(result).message, GetParam().message);
  EXPECT_EQ(std::get<ScalarError>(result).hint, GetParam().hint);
}

#define PID1_SHELL(c) "expected words alone: no shell runs that would know what " c " means"
#define PID1_RUN(script) \
  "quote it if it is a part of a word, or have a shell run it: [sh, -c, \"" script "\"]"

constexpr std::string_view kClose =
    "close it, or put a backslash before it; a list needs no quotes: [echo, \"it's\"]";

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedCommand,
    ::testing::Values(Refused{"a; b", PID1_SHELL(";"), PID1_RUN("a; b")},
                      Refused{"a && b", PID1_SHELL("&"), PID1_RUN("a && b")},
                      Refused{"a | b", PID1_SHELL("|"), PID1_RUN("a | b")},
                      Refused{"a < b", PID1_SHELL("<"), PID1_RUN("a < b")},
                      Refused{"a 2>&1", PID1_SHELL(">"), PID1_RUN("a 2>&1")},
                      Refused{"(a)", PID1_SHELL("("), PID1_RUN("(a)")},
                      Refused{"a)", PID1_SHELL(")"), PID1_RUN("a)")},
                      Refused{"echo $(date)", PID1_SHELL("("), PID1_RUN("echo $$(date)")},
                      Refused{"echo \"a\\b\" > $F", PID1_SHELL(">"),
                              PID1_RUN("echo \\\"a\\\\b\\\" > $$F")},
                      Refused{"a;\n\tb\r", PID1_SHELL(";"), PID1_RUN("a;\\n\\tb\\r")},
                      Refused{"echo it's", "a ' that is never closed", kClose},
                      Refused{"echo \"x", "a \" that is never closed", kClose},
                      Refused{"echo `x", "a ` that is never closed", kClose},
                      Refused{"echo \\", "a backslash with nothing behind it",
                              "write it twice for a backslash"}));

TEST(RefusedCommand, IsNotRepeatedWhereItIsLong) {
  const auto result = split_shell_words(std::string(200, 'a') + ";");
  ASSERT_TRUE(std::holds_alternative<ScalarError>(result));
  EXPECT_EQ(std::get<ScalarError>(result).hint, PID1_RUN("…"));
}

}  // namespace
}  // namespace pid1::config
