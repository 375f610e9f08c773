#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <map>
#include <string>

#include "config/scalars.h"
#include "tests/support/vectors.h"

namespace pid1::config {
namespace {

using std::chrono::nanoseconds;

// Compose takes these; we don't.
const std::map<std::string, std::string>& refused_on_purpose() {
  static const std::map<std::string, std::string> reasons = {
      {"-5s", "a negative duration means nothing to any key"},
      {"+5s", "a sign is noise: one spelling for each duration"},
  };
  return reasons;
}

TEST(Duration, AnswersAsComposeDoes) {
  std::size_t exceptions = 0;
  for (const auto& one : pid1::testing::read_vectors("tests/unit/config/vectors/duration.jsonl")) {
    const std::string text(one.at("in").as_string());
    SCOPED_TRACE(text);
    const auto parsed = parse_duration(text);
    const auto* value = std::get_if<nanoseconds>(&parsed);
    if (refused_on_purpose().contains(text)) {
      ++exceptions;
      EXPECT_EQ(value, nullptr);
    } else if (one.at("err").is_null()) {
      ASSERT_NE(value, nullptr) << std::get<ScalarError>(parsed).message;
      EXPECT_EQ(value->count(), one.at("ns").to_number<std::int64_t>());
    } else {
      EXPECT_EQ(value, nullptr);
    }
  }
  EXPECT_EQ(exceptions, refused_on_purpose().size());
}

struct Accepted {
  std::string_view text;
  std::int64_t ns;
};

class AcceptedDuration : public ::testing::TestWithParam<Accepted> {};

TEST_P(AcceptedDuration, HasItsLength) {
  const auto parsed = parse_duration(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<nanoseconds>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<nanoseconds>(parsed).count(), GetParam().ns);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, AcceptedDuration,
    ::testing::Values(Accepted{"1w", 604'800'000'000'000}, Accepted{"2d", 172'800'000'000'000},
                      Accepted{"1.5s", 1'500'000'000}, Accepted{".5s", 500'000'000},
                      Accepted{"0.1s", 100'000'000}, Accepted{"1.000000001s", 1'000'000'001},
                      Accepted{"0.0000000019s", 1}, Accepted{"1.9ns", 1},
                      Accepted{"0.33333333333333333333m", 19'999'999'999},
                      Accepted{"0.99999999999999999999w", 604'799'999'999'999},
                      Accepted{"2\u00B5s", 2'000}, Accepted{"2\u03BCs", 2'000}, Accepted{"00s", 0},
                      Accepted{"0.0h", 0},
                      Accepted{"9223372036854775807ns", std::numeric_limits<std::int64_t>::max()},
                      Accepted{"9223372036.854775807s", std::numeric_limits<std::int64_t>::max()},
                      Accepted{"000000000000000000000000001s", 1'000'000'000}));

struct Refused {
  std::string_view text;
  std::string_view message;
  std::string_view hint;
};

class RefusedDuration : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedDuration, SaysWhatToWrite) {
  const auto parsed = parse_duration(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<ScalarError>(parsed).message, GetParam().message);
  EXPECT_EQ(std::get<ScalarError>(parsed).hint, GetParam().hint);
}

constexpr std::string_view kExpected = "expected a duration";
constexpr std::string_view kUnit = "expected a unit after each number of a duration";
constexpr std::string_view kUnits =
    "expected a duration with units out of ns, us, ms, s, m, h, d and w";
constexpr std::string_view kExample = "write numbers with units, such as 500ms, 30s or 1h30m";

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedDuration,
    ::testing::Values(
        Refused{"100", kUnit, "write 100s, 100ms or 100m"},
        Refused{"1.5", kUnit, "write 1.5s, 1.5ms or 1.5m"},
        Refused{"00", kUnit, "write 00s, 00ms or 00m"}, Refused{"1m30", kUnit, "write 1m30s"},
        Refused{"1S", kUnits, "write 1s"}, Refused{"1M", kUnits, "write 1m"},
        Refused{"1 s", kUnits, "write 1s"}, Refused{" 1s", kExpected, "write 1s"},
        Refused{"1s ", kUnits, "write 1s"}, Refused{"1_000s", kUnits, "write 1000s"},
        Refused{"+5s", kExpected, "write 5s"}, Refused{"1sec", kUnits, "write 1s"},
        Refused{"2 Minutes 3 seconds", kUnits, "write 2m3s"}, Refused{"1hour", kUnits, "write 1h"},
        Refused{"-5s", "a duration can't be negative", ""},
        Refused{"-1", "a duration can't be negative", ""}, Refused{"", kExpected, kExample},
        Refused{"s", kExpected, kExample}, Refused{".", kExpected, kExample},
        Refused{".s", kExpected, kExample}, Refused{"infinity", kExpected, kExample},
        Refused{"1e3s", kUnits, kExample}, Refused{"1,5s", kUnits, kExample},
        Refused{"1.2.3s", kUnit, kExample}, Refused{"1y", kUnits, kExample},
        Refused{std::string_view("1\0s", 3), kUnits, kExample},
        Refused{"9223372036854775808ns", "expected a duration of 292 years at the most", ""},
        Refused{"99999999999999999999999w", "expected a duration of 292 years at the most", ""},
        Refused{"9223372036854775807ns1ns", "expected a duration of 292 years at the most", ""},
        Refused{"9223372036.9s", "expected a duration of 292 years at the most", ""}));

struct Formatted {
  std::int64_t ns;
  std::string_view text;
};

class FormattedDuration : public ::testing::TestWithParam<Formatted> {};

TEST_P(FormattedDuration, IsCanonicalAndReadsBack) {
  const std::string text = format_duration(nanoseconds(GetParam().ns));
  EXPECT_EQ(text, GetParam().text);
  const auto parsed = parse_duration(text);
  ASSERT_TRUE(std::holds_alternative<nanoseconds>(parsed));
  EXPECT_EQ(std::get<nanoseconds>(parsed).count(), GetParam().ns);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, FormattedDuration,
    ::testing::Values(Formatted{0, "0s"}, Formatted{1, "1ns"}, Formatted{999, "999ns"},
                      Formatted{1'000, "1\u00B5s"}, Formatted{1'500, "1.5\u00B5s"},
                      Formatted{100'000'000, "100ms"}, Formatted{1'500'000, "1.5ms"},
                      Formatted{1'000'001, "1.000001ms"}, Formatted{1'000'000'000, "1s"},
                      Formatted{1'500'000'000, "1.5s"}, Formatted{90'000'000'000, "1m30s"},
                      Formatted{60'000'000'000, "1m0s"}, Formatted{3'600'000'000'000, "1h0m0s"},
                      Formatted{86'400'000'000'000, "24h0m0s"},
                      Formatted{3'930'020'000'000, "1h5m30.02s"},
                      Formatted{std::numeric_limits<std::int64_t>::max(),
                                "2562047h47m16.854775807s"}));

}  // namespace
}  // namespace pid1::config
