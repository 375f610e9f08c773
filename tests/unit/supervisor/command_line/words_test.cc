#include "supervisor/command_line/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(ARewrite, IsFromASignalToAnotherByNameOrNumber) {
  for (int from = 1; from <= 64; ++from) {
    for (const int to : {0, 1, 9, 32, 64}) {
      const auto rewrite = parse_rewrite(std::to_string(from) + ":" + std::to_string(to));
      const bool is_caught = from != 9 && from != 17 && from != 19;
      ASSERT_EQ(rewrite.has_value(), is_caught) << from;
      if (!rewrite) continue;
      EXPECT_EQ(rewrite->from, from);
      EXPECT_EQ(rewrite->to, to);
    }
  }
  EXPECT_EQ(parse_rewrite("sigterm:RTMAX-1")->to, 63);
}

TEST(ARewrite, IsNothingElse) {
  for (const char* text :
       {"", ":", "15", "15:", ":3", "15:3:1", "15:-1", "15:65", "0:1", "65:1", " 15:3", "15: 3",
        "TERM:NONE", "15:00", "KILL:TERM", "STOP:1", "CHLD:1"}) {
    EXPECT_FALSE(parse_rewrite(text)) << text;
  }
}

TEST(ExitCodes, AreNumbersAndSignalsInAList) {
  EXPECT_THAT(parse_exit_codes("0"), Optional(ElementsAre(0)));
  EXPECT_THAT(parse_exit_codes("255,1"), Optional(ElementsAre(255, 1)));
  EXPECT_THAT(parse_exit_codes("128+9,128+SIGTERM,128+64"), Optional(ElementsAre(137, 143, 192)));
}

TEST(ExitCodes, AreNothingElse) {
  for (const char* text : {"", ",", "1,", ",1", "256", "-1", "1 ", "0x1", "128+", "128+0", "128+65",
                           "127+1", "99999999999999999999"}) {
    EXPECT_FALSE(parse_exit_codes(text)) << text;
  }
}

TEST(AVariable, IsANameAndAValue) {
  EXPECT_EQ(parse_variable("A=1"), (EnvironmentChange{"A", "1"}));
  EXPECT_EQ(parse_variable("A=b=c"), (EnvironmentChange{"A", "b=c"}));
  EXPECT_EQ(parse_variable("A="), (EnvironmentChange{"A", ""}));
  for (const char* text : {"", "=", "=1", "A"}) EXPECT_FALSE(parse_variable(text)) << text;
}

TEST(AUser, IsANameOrANumberWithOrWithoutAGroup) {
  EXPECT_EQ(parse_user("web"), (UserSpec{"web", std::nullopt}));
  EXPECT_EQ(parse_user("10:20"), (UserSpec{"10", "20"}));
  for (const char* text : {"", ":", ":20", "10:"}) EXPECT_FALSE(parse_user(text)) << text;
}

TEST(AListWithCommas, HasNoEmptyParts) {
  EXPECT_THAT(split_commas(""), IsEmpty());
  EXPECT_THAT(split_commas(",,"), IsEmpty());
  EXPECT_THAT(split_commas(",a,,b,"), ElementsAre("a", "b"));
}

}  // namespace
}  // namespace pid1::supervisor
