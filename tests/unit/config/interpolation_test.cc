#include "config/interpolation.h"

#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/support/vectors.h"
#include "tests/unit/config/vector_environment.h"

namespace pid1::config {
namespace {

TEST(Interpolation, AnswersAsComposeDoes) {
  const std::map<std::string, std::string> accepted_on_purpose = {
      {"${NO:-a\nb}", "a default of several lines is as good as one of one line: a\nb"},
  };
  std::size_t exceptions = 0;
  for (const auto& one :
       pid1::testing::read_vectors("tests/unit/config/vectors/interpolation.jsonl")) {
    const std::string text(one.at("in").as_string());
    SCOPED_TRACE(text);
    const auto result = interpolate(text, vector_environment());
    const auto* interpolated = std::get_if<Interpolated>(&result);
    if (accepted_on_purpose.contains(text)) {
      ++exceptions;
      ASSERT_NE(interpolated, nullptr);
      EXPECT_EQ(interpolated->text, "a\nb");
    } else if (one.at("err").is_null()) {
      ASSERT_NE(interpolated, nullptr) << std::get<ScalarError>(result).message;
      EXPECT_EQ(interpolated->text, one.at("out").as_string());
    } else {
      ASSERT_EQ(interpolated, nullptr);
      const std::string theirs(one.at("err").as_string());
      if (theirs.starts_with("required")) {
        EXPECT_EQ(std::get<ScalarError>(result).message, theirs);
      }
    }
  }
  EXPECT_EQ(exceptions, accepted_on_purpose.size());
}

struct Case {
  std::string_view text;
  std::string_view result;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << ::testing::PrintToString(one.text);
}

class InterpolatedText : public ::testing::TestWithParam<Case> {};

TEST_P(InterpolatedText, HasItsVariablesReplaced) {
  const auto result = interpolate(GetParam().text, vector_environment());
  ASSERT_TRUE(std::holds_alternative<Interpolated>(result));
  EXPECT_EQ(std::get<Interpolated>(result).text, GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, InterpolatedText,
    ::testing::Values(Case{"", ""}, Case{"plain", "plain"}, Case{"$", "$"}, Case{"a$", "a$"},
                      Case{"$FOO$FOO", "firstfirst"}, Case{"$-", "$-"}, Case{"$ FOO", "$ FOO"},
                      Case{"}{", "}{"}, Case{"$$$FOO", "$first"}, Case{"$${FOO}", "${FOO}"},
                      Case{"${FOO+r}", "r"}, Case{"${BAR+r}", "r"}, Case{"${BAR:+r}", ""},
                      Case{"${BAR-d}", ""}, Case{"${BAR:-d}", "d"}, Case{"${BAR?e}", ""},
                      Case{"${NO:-${NO:-${NO:-${FOO}}}}", "first"}, Case{"${FOO:+${NO-x}}", "x"},
                      Case{"${FOO:-{}}", "first"}, Case{"${NO:-{\"a\": {}}}", "{\"a\": {}}"},
                      Case{"${NO:-$${x}}", "${x}"}, Case{"${NEST}", "${FOO}"},
                      Case{"${FOO:-?}", "first"}, Case{"${NO:--}", "-"}, Case{"${NO-}", ""}));

class RefusedTemplate : public ::testing::TestWithParam<Case> {};

TEST_P(RefusedTemplate, SaysWhatIsWrong) {
  const auto result = interpolate(GetParam().text, vector_environment());
  ASSERT_TRUE(std::holds_alternative<ScalarError>(result));
  EXPECT_EQ(std::get<ScalarError>(result).message, GetParam().result);
}

constexpr std::string_view kOpen = "a '${' that is never closed";
constexpr std::string_view kForms =
    "expected a variable as ${NAME} or with one of :- - :+ + :? ? behind its name";

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedTemplate,
    ::testing::Values(Case{"${", kOpen}, Case{"${FOO", kOpen}, Case{"a ${FOO:-x", kOpen},
                      Case{"${FOO:-${BAR}", kOpen}, Case{"${FOO:-{}", kOpen},
                      Case{"$${FOO} ${", kOpen}, Case{"${}", kForms}, Case{"${ FOO}", kForms},
                      Case{"${FOO }", kForms}, Case{"${1}", kForms}, Case{"${FOO:}", kForms},
                      Case{"${FOO:=x}", kForms}, Case{"${FOO%x}", kForms},
                      Case{"${FOO/a/b}", kForms}, Case{"${!FOO}", kForms}, Case{"${é}", kForms},
                      Case{"${$FOO}", kForms}, Case{"${NO:-${1}}", kForms},
                      Case{"${NO?}", "required variable NO is missing a value"},
                      Case{"${BAR:?set $FOO, ${NEST}}",
                           "required variable BAR is missing a value: set $FOO, ${NEST}"}));

TEST(InterpolationErrors, SayHowToWriteADollar) {
  for (const std::string_view text : {"${", "${1}"}) {
    const auto result = interpolate(text, vector_environment());
    ASSERT_TRUE(std::holds_alternative<ScalarError>(result));
    EXPECT_NE(std::get<ScalarError>(result).hint.find("write $$ for a literal $"),
              std::string::npos);
  }
}

TEST(UnsetVariables, AreNamedOnceInTheOrderOfTheirUse) {
  const auto result = interpolate("$B ${A} $B ${C:-x} ${D+x} ${E:-$F}", vector_environment());
  ASSERT_TRUE(std::holds_alternative<Interpolated>(result));
  EXPECT_EQ(std::get<Interpolated>(result).unset, (std::vector<std::string>{"B", "A", "F"}));
}

TEST(UnsetVariables, ArentNamedInABranchThatIsNotTaken) {
  const auto result = interpolate("${FOO:-$A} ${NO:+$B} $BAR", vector_environment());
  ASSERT_TRUE(std::holds_alternative<Interpolated>(result));
  EXPECT_TRUE(std::get<Interpolated>(result).unset.empty());
}

TEST(Interpolation, DoesntEvaluateABranchThatIsNotTaken) {
  std::vector<std::string> asked;
  const Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    asked.emplace_back(name);
    if (name == "SET") return "s";
    return std::nullopt;
  };
  interpolate("${SET:-$A}${SET:?$B}${UNSET:+$C}", lookup);
  EXPECT_EQ(asked, (std::vector<std::string>{"SET", "SET", "UNSET"}));
}

TEST(Interpolation, RefusesToNestWithoutEnd) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "${A:-";
  text += std::string(10'000, '}');
  const auto result = interpolate(text, vector_environment());
  ASSERT_TRUE(std::holds_alternative<ScalarError>(result));
  EXPECT_EQ(std::get<ScalarError>(result).message, "variables are nested too deeply");
}

}  // namespace
}  // namespace pid1::config
