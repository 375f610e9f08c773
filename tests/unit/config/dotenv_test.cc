#include "config/dotenv.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "tests/support/vectors.h"
#include "tests/unit/config/vector_environment.h"

namespace pid1::config {
namespace {

struct Parsed {
  std::vector<EnvFileEntry> entries;
  Diagnostics diagnostics;
};

Parsed parse(std::string_view text, EnvFileFormat format = EnvFileFormat::dotenv) {
  Parsed parsed;
  const auto source = std::make_shared<Source>(Source{"e", std::string(text)});
  parsed.entries = parse_env_file(source, format, vector_environment(), parsed.diagnostics);
  return parsed;
}

// "A=x|B=y", and behind it what was said of it.
std::string show(const Parsed& parsed) {
  std::string out;
  for (const auto& [name, value] : parsed.entries) {
    if (!out.empty()) out += '|';
    out.append(name).append(1, '=').append(value);
  }
  for (const Diagnostic& one : parsed.diagnostics.all()) {
    out += " (" + std::to_string(one.mark.line) + ':' + std::to_string(one.mark.column) + ": " +
           one.message + ')';
  }
  return out;
}

// Compose's answers that ours differ from, with ours.
struct Exception {
  std::string_view why;
  std::string_view ours;
};

const std::map<std::string_view, Exception>& exceptions() {
  using namespace std::string_view_literals;
  constexpr std::string_view bare = "a bare name needs no newline behind it";
  constexpr std::string_view comment = "a blank and a # begin a comment, behind '=' too";
  static const std::map<std::string_view, Exception> known = {
      {"OS", {bare, "OS=osval"}},
      {"A", {bare, ""}},
      {"export A", {bare, ""}},
      {"A= #c", {comment, "A="}},
      {"A=\"x\"y",
       {"Compose makes a variable without a name of the rest",
        " (1:6: unexpected text behind the closing quote)"}},
      {"A=1\0B=2"sv,
       {"no environment variable can hold a NUL",
        " (1:3: a NUL, which no environment variable can hold)"}},
  };
  return known;
}

TEST(EnvFile, AnswersAsComposeDoes) {
  std::size_t used = 0;
  for (const auto& one : pid1::testing::read_vectors("tests/unit/config/vectors/dotenv.jsonl")) {
    const std::string text(one.at("in").as_string());
    SCOPED_TRACE(text);
    const Parsed parsed = parse(text);
    const auto exception = exceptions().find(text);
    if (exception != exceptions().end()) {
      ++used;
      EXPECT_EQ(show(parsed), exception->second.ours) << exception->second.why;
    } else if (one.at("err").is_null()) {
      EXPECT_FALSE(parsed.diagnostics.has_errors()) << render(parsed.diagnostics);
      std::map<std::string, std::string> ours;
      std::map<std::string, std::string> theirs;
      for (const auto& [name, value] : parsed.entries) ours[name] = value;
      for (const auto& pair : one.at("out").as_object()) {
        theirs[std::string(pair.key())] = pair.value().as_string();
      }
      EXPECT_EQ(ours, theirs);
    } else {
      EXPECT_TRUE(parsed.diagnostics.has_errors());
    }
  }
  EXPECT_EQ(used, exceptions().size());
}

struct Case {
  std::string_view text;
  std::string_view shown;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << ::testing::PrintToString(one.text);
}

class Dotenv : public ::testing::TestWithParam<Case> {};
TEST_P(Dotenv, GivesNamesAndValues) { EXPECT_EQ(show(parse(GetParam().text)), GetParam().shown); }

INSTANTIATE_TEST_SUITE_P(
    Statements, Dotenv,
    ::testing::Values(Case{"", ""}, Case{"\n\n# c\n  # d\n", ""}, Case{"A=1\n\nB=2\n", "A=1|B=2"},
                      Case{"A=1\r\nB='2'\r\nC=\"3\"\r\nOS\r\n", "A=1|B=2|C=3|OS=osval"},
                      Case{"  A=1", "A=1"}, Case{"B=1\nA=2\nB=3", "B=3|A=2"},
                      Case{"export\tA=1", "A=1"}, Case{"export=1", "export=1"},
                      Case{"exports=1", "exports=1"}, Case{"export OS\n", "OS=osval"},
                      Case{"NO\nA=1", "A=1"}, Case{"A=1\nNO\nA\n", "A=1"},
                      Case{"a.b-c_d[0]=1", "a.b-c_d[0]=1"}, Case{"A : 1", "A=1"}, Case{"A=", "A="},
                      Case{"A=\nB=1", "A=|B=1"}, Case{"A=   \nB=1", "A=|B=1"}, Case{"A==", "A=="},
                      Case{"A='\n'\nB=1", "A=\n|B=1"}));

INSTANTIATE_TEST_SUITE_P(Values, Dotenv,
                         ::testing::Values(Case{"A=a b  ", "A=a b"}, Case{"A=a#b", "A=a#b"},
                                           Case{"A=  # c", "A="}, Case{"A='#' # c", "A=#"},
                                           Case{"A=\"a # b\"", "A=a # b"}, Case{"A=\"\"", "A="},
                                           Case{"A=''", "A="}, Case{"A=a\"b\"", "A=a\"b\""},
                                           Case{"A=\"a\\nb\\tc\\\\d\\x\"", "A=a\nb\tc\\d\\x"},
                                           Case{"A='a\\nb'", "A=a\\nb"},
                                           Case{"A='it\\'s'", "A=it's"},
                                           Case{"A=\"l1\nl2\"\nB=1", "A=l1\nl2|B=1"},
                                           Case{"A=a\\nb", "A=a\\nb"}, Case{"A=\xE9", "A=\xE9"}));

INSTANTIATE_TEST_SUITE_P(
    Expansion, Dotenv,
    ::testing::Values(Case{"A=$FOO ${OS}", "A=first osval"}, Case{"A=\"<$FOO>\"", "A=<first>"},
                      Case{"A='$FOO'", "A=$FOO"}, Case{"A=x\nB=$A$A", "A=x|B=xx"},
                      Case{"FOO=mine\nA=$FOO", "FOO=mine|A=mine"}, Case{"A=${NO:-d}", "A=d"},
                      Case{"A=${NEST}", "A=${FOO}"},
                      Case{"A=$A\nA=1",
                           "A=1 (1:3: the value of `A` "
                           "names a variable that is not set, it stands for nothing)"},
                      Case{"A=$$FOO", "A=$FOO"}, Case{"A=\"\\$FOO\"", "A=$FOO"},
                      Case{"A=\"\\\\$FOO\"", "A=\\first"}, Case{"A=5$", "A=5$"}));

INSTANTIATE_TEST_SUITE_P(
    Complaints, Dotenv,
    ::testing::Values(
        Case{"=1", " (1:1: expected a name before '=')"},
        Case{"A B", " (1:1: a name can't hold a space)"},
        Case{"A=1\n  B C=2\nD=3", "A=1|D=3 (2:3: a name can't hold a space)"},
        Case{"A;B=1", " (1:1: a name can hold letters, digits and _ . - [ ] only)"},
        Case{"A\tB=1", " (1:1: a name can't hold a space)"},
        Case{"A='x\nB=1", "B=1 (1:3: a quote that is never closed)"},
        Case{"A=\"x\\\"\n", " (1:3: a quote that is never closed)"},
        Case{"A='x' y", "A=x (1:6: the text behind the closing quote is ignored)"},
        Case{"A=${\nB=1", "B=1 (1:3: a '${' that is never closed)"},
        Case{"A=  \"${X:?no X}\"", " (1:5: required variable X is missing a value: no X)"},
        Case{"A='a\nb' c\nB=$NO",
             "A=a\nb|B= (2:3: the text behind the closing quote is ignored)"
             " (3:3: the value of `B` names a variable that is not set, it stands for nothing)"}));

class RawEnvFile : public ::testing::TestWithParam<Case> {};
TEST_P(RawEnvFile, TakesEveryCharacterOfAValue) {
  EXPECT_EQ(show(parse(GetParam().text, EnvFileFormat::raw)), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RawEnvFile,
    ::testing::Values(Case{"A=\"x\" # y", "A=\"x\" # y"}, Case{"A= $FOO ", "A= $FOO "},
                      Case{"# c\n\n A=1\nOS\nNO\n", "A=1|OS=osval"},
                      Case{"A=1\r\nB=\r\n", "A=1|B="},
                      Case{"A:1", " (1:1: a name can hold letters, digits and _ . - [ ] only)"},
                      Case{"export A=1", " (1:1: a name can't hold a space)"},
                      Case{"A =1\nB=2", "B=2 (1:1: a name can't hold a space)"},
                      Case{"=1", " (1:1: expected a name before '=')"},
                      Case{std::string_view("A=\0", 3),
                           " (1:3: a NUL, which no environment variable can hold)"}));

TEST(EnvFile, StopsAfterTwentyErrors) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "A B\n";
  EXPECT_EQ(parse(text).diagnostics.error_count(), 20u);
}

TEST(EnvFile, KeepsItsSecretsOutOfDiagnostics) {
  const Parsed parsed =
      parse("A=\"hunter\"hunter\nB='hunter\nPW=x$hunter\nhunter 2=1\nC=${hunter\n");
  ASSERT_EQ(parsed.diagnostics.all().size(), 5u);
  EXPECT_EQ(render(parsed.diagnostics).find("hunter"), std::string::npos)
      << render(parsed.diagnostics);
}

TEST(EnvFile, HasAPlaceForEachDiagnostic) {
  EXPECT_EQ(render(parse("\n\n  A B\n").diagnostics),
            "e:3:3: error: a name can't hold a space\nhint: write NAME=value\n");
}

TEST(EnvFile, OfManyLinesIsReadInOneGo) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "K" + std::to_string(i) + "=$UNSET\n";
  const Parsed parsed = parse(text);
  EXPECT_EQ(parsed.entries.size(), 20'000u);
  EXPECT_EQ(parsed.diagnostics.all().back().mark.line, 20'000u);
}

}  // namespace
}  // namespace pid1::config
