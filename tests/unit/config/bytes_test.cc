#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "config/scalars.h"
#include "tests/support/vectors.h"

namespace pid1::config {
namespace {

TEST(Bytes, AnswersAsComposeDoes) {
  for (const auto& one : pid1::testing::read_vectors("tests/unit/config/vectors/bytes.jsonl")) {
    const std::string text(one.at("in").as_string());
    SCOPED_TRACE(text);
    const auto parsed = parse_bytes(text);
    const auto* value = std::get_if<std::int64_t>(&parsed);
    if (one.at("err").is_null()) {
      ASSERT_NE(value, nullptr) << std::get<ScalarError>(parsed).message;
      EXPECT_EQ(*value, one.at("out").to_number<std::int64_t>());
    } else {
      EXPECT_EQ(value, nullptr);
    }
  }
}

struct Accepted {
  std::string_view text;
  std::int64_t bytes;
};

class AcceptedSize : public ::testing::TestWithParam<Accepted> {};

TEST_P(AcceptedSize, HasItsNumberOfBytes) {
  const auto parsed = parse_bytes(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<std::int64_t>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<std::int64_t>(parsed), GetParam().bytes);
}

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

INSTANTIATE_TEST_SUITE_P(
    Cases, AcceptedSize,
    ::testing::Values(Accepted{"1k", 1024}, Accepted{"1K", 1024}, Accepted{"1KiB", 1024},
                      Accepted{"1kB", 1024}, Accepted{"1m", 1 << 20}, Accepted{"1g", 1 << 30},
                      Accepted{"1t", std::int64_t{1} << 40}, Accepted{"1p", std::int64_t{1} << 50},
                      Accepted{"1 PiB", std::int64_t{1} << 50}, Accepted{"5B", 5},
                      Accepted{".5k", 512}, Accepted{"1.k", 1024}, Accepted{"0.3", 0},
                      Accepted{"1.999", 1}, Accepted{"1e3k", 1'024'000}, Accepted{"1e-9", 0},
                      Accepted{"007", 7}, Accepted{"9007199254740993", 9007199254740993},
                      Accepted{"9223372036854775807", kMax},
                      Accepted{"8191p", std::int64_t{8191} << 50}));

struct Refused {
  std::string_view text;
  std::string_view message;
  std::string_view hint;
};

class RefusedSize : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedSize, SaysWhatToWrite) {
  const auto parsed = parse_bytes(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<ScalarError>(parsed).message, GetParam().message);
  EXPECT_EQ(std::get<ScalarError>(parsed).hint, GetParam().hint);
}

constexpr std::string_view kExpected =
    "expected a size in bytes, with a unit out of b, k, m, g, t and p or none";
constexpr std::string_view kExample = "write a number with a unit, such as 512k, 10m or 1.5g";
constexpr std::string_view kTooLarge = "expected a size below 8 EiB";

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedSize,
    ::testing::Values(Refused{"1x", kExpected, "write 1k, 1m or 1g"},
                      Refused{"1k ", kExpected, "write 1k"}, Refused{"10 ", kExpected, "write 10"},
                      Refused{"1  k", kExpected, "write 1k"},
                      Refused{"1kk", kExpected, "write 1k, 1m or 1g"},
                      Refused{"1ib", kExpected, "write 1k, 1m or 1g"},
                      Refused{"1e", kExpected, "write 1k, 1m or 1g"},
                      Refused{"0x10", kExpected, "write 0k, 0m or 0g"},
                      Refused{"", kExpected, kExample}, Refused{"k", kExpected, kExample},
                      Refused{" 1k", kExpected, "write 1k"}, Refused{"+1", kExpected, kExample},
                      Refused{".", kExpected, kExample}, Refused{"inf", kExpected, kExample},
                      Refused{"nan", kExpected, kExample}, Refused{"-", kExpected, kExample},
                      Refused{"1.2.3", kExpected, kExample},
                      Refused{"-1", "a size can't be negative", ""},
                      Refused{"-1k", "a size can't be negative", ""},
                      Refused{"9223372036854775808", kTooLarge, ""},
                      Refused{"8192p", kTooLarge, ""}, Refused{"8192.0p", kTooLarge, ""},
                      Refused{"1e400", kTooLarge, ""}, Refused{"1e19", kTooLarge, ""}));

}  // namespace
}  // namespace pid1::config
