#include "config/line_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace pid1::config {
namespace {

bool is_found(std::string_view pattern, std::string_view line) {
  return std::get<LinePattern>(LinePattern::parse(pattern)).is_found_in(line);
}

TEST(LinePattern, IsFoundAnywhereInALine) {
  EXPECT_TRUE(is_found("ready", "now ready to go"));
  EXPECT_TRUE(is_found("^listening on \\d+$", "listening on 8080"));
  EXPECT_TRUE(is_found("", ""));
  EXPECT_FALSE(is_found("^ready", "not ready"));
  EXPECT_FALSE(is_found("ready", "Ready"));
  EXPECT_TRUE(is_found("(?i)ready", "READY"));
}

TEST(LinePattern, KnowsUnicodeAndLivesWithBytesThatAreNone) {
  EXPECT_TRUE(is_found("^pr[êe]t.$", "pr\xC3\xAAt\xE2\x9C\x93"));
  EXPECT_TRUE(is_found("ready", "\xFF\xFEready\x80"));
  EXPECT_FALSE(is_found("^.ready", "\xFFready"));
}

TEST(LinePattern, SaysWhatIsWrongWithIt) {
  const auto error = [](std::string_view pattern) {
    return std::get<ScalarError>(LinePattern::parse(pattern)).hint;
  };
  EXPECT_EQ(error("a(b"), "missing ): a(b");
  EXPECT_EQ(error("[z-a]"), "invalid character class range: z-a");
  EXPECT_EQ(error("(a)\\1"), "invalid escape sequence: \\1");
}

TEST(LinePattern, ThatWouldTakeTooMuchMemoryIsNone) {
  EXPECT_TRUE(std::holds_alternative<ScalarError>(LinePattern::parse("((a{100}){100}){10}")));
  EXPECT_TRUE(std::holds_alternative<ScalarError>(LinePattern::parse("(\\pL{100}){9}")));
}

// With backtracking this would take longer than anybody lives.
TEST(LinePattern, IsLookedForInLinearTime) {
  EXPECT_FALSE(is_found("^(a+)+$", std::string(100'000, 'a') + "b"));
}

}  // namespace
}  // namespace pid1::config
