#include "config/scalars.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace pid1::config {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

TEST(Integer, TakesDecimals) {
  EXPECT_EQ(std::get<std::int64_t>(parse_integer("0", kMin, kMax)), 0);
  EXPECT_EQ(std::get<std::int64_t>(parse_integer("-7", kMin, kMax)), -7);
  EXPECT_EQ(std::get<std::int64_t>(parse_integer("65535", 0, 65535)), 65535);
  EXPECT_EQ(std::get<std::int64_t>(parse_integer("9223372036854775807", kMin, kMax)), kMax);
  EXPECT_EQ(std::get<std::int64_t>(parse_integer("-9223372036854775808", kMin, kMax)), kMin);
}

TEST(Integer, NamesTheRange) {
  const auto message = [](std::int64_t min, std::int64_t max) {
    return std::get<ScalarError>(parse_integer("x", min, max)).message;
  };
  EXPECT_EQ(message(kMin, kMax), "expected an integer");
  EXPECT_EQ(message(0, kMax), "expected an integer of at least 0");
  EXPECT_EQ(message(kMin, -1), "expected an integer of at most -1");
  EXPECT_EQ(message(0, 255), "expected an integer from 0 to 255");
}

TEST(Integer, RefusesWhatIsOutsideTheRange) {
  for (const std::string_view text :
       {"-1", "256", "9223372036854775808", "-99999999999999999999"}) {
    const auto parsed = parse_integer(text, 0, 255);
    ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << text;
    EXPECT_EQ(std::get<ScalarError>(parsed).message, "expected an integer from 0 to 255");
  }
}

struct Hinted {
  std::string_view text;
  std::string_view hint;
};

class RefusedInteger : public ::testing::TestWithParam<Hinted> {};

TEST_P(RefusedInteger, SaysWhatToWrite) {
  const auto parsed = parse_integer(GetParam().text, kMin, kMax);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<ScalarError>(parsed).hint, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusedInteger,
                         ::testing::Values(Hinted{"", ""}, Hinted{"-", ""}, Hinted{"five", ""},
                                           Hinted{"5x", ""}, Hinted{"0x10", ""}, Hinted{"0o17", ""},
                                           Hinted{"5.0", ""}, Hinted{"1e3", ""}, Hinted{"--5", ""},
                                           Hinted{"+5", "write 5"}, Hinted{"007", "write 7"},
                                           Hinted{"00", "write 0"}, Hinted{"-007", "write -7"},
                                           Hinted{" 5", "write 5"}, Hinted{"5 ", "write 5"},
                                           Hinted{"1_000", "write 1000"},
                                           Hinted{"\xD9\xA3", ""}));  // an Arabic digit

TEST(Octal, TakesUpToFourDigits) {
  const auto value = [](std::string_view text) {
    return std::get<std::uint32_t>(parse_octal(text));
  };
  EXPECT_EQ(value("0"), 0u);
  EXPECT_EQ(value("7"), 07u);
  EXPECT_EQ(value("22"), 022u);
  EXPECT_EQ(value("022"), 022u);
  EXPECT_EQ(value("0o22"), 022u);
  EXPECT_EQ(value("0644"), 0644u);
  EXPECT_EQ(value("1777"), 01777u);
  EXPECT_EQ(value("01777"), 01777u);
  EXPECT_EQ(value("0o7777"), 07777u);
}

TEST(Octal, RefusesAllElse) {
  for (const std::string_view text : {"", "8", "0o", "0o8", "0x1f", "12345", "77777", "000000",
                                      "-1", "+1", " 1", "1 ", "0O22", "u=rw"}) {
    EXPECT_TRUE(std::holds_alternative<ScalarError>(parse_octal(text))) << text;
  }
}

TEST(Bool, TakesYamlsSpellings) {
  for (const std::string_view text : {"true", "True", "TRUE"}) {
    EXPECT_TRUE(std::get<bool>(parse_bool(text))) << text;
  }
  for (const std::string_view text : {"false", "False", "FALSE"}) {
    EXPECT_FALSE(std::get<bool>(parse_bool(text))) << text;
  }
}

class RefusedBool : public ::testing::TestWithParam<Hinted> {};

TEST_P(RefusedBool, SaysWhatToWrite) {
  const auto parsed = parse_bool(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<ScalarError>(parsed).message, "expected true or false");
  EXPECT_EQ(std::get<ScalarError>(parsed).hint, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(Cases, RefusedBool,
                         ::testing::Values(Hinted{"yes", "write true"}, Hinted{"Yes", "write true"},
                                           Hinted{"y", "write true"}, Hinted{"on", "write true"},
                                           Hinted{"ON", "write true"}, Hinted{"1", "write true"},
                                           Hinted{"tRUE", "write true"},
                                           Hinted{"no", "write false"}, Hinted{"N", "write false"},
                                           Hinted{"off", "write false"}, Hinted{"0", "write false"},
                                           Hinted{"fALSE", "write false"},
                                           Hinted{"", "write true or false"},
                                           Hinted{"maybe", "write true or false"},
                                           Hinted{"true ", "write true or false"}));

}  // namespace
}  // namespace pid1::config
