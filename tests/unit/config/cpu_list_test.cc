#include "config/cpu_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pid1::config {
namespace {

using testing::ElementsAre;

std::vector<std::uint32_t> parse(std::string_view text) {
  return std::get<std::vector<std::uint32_t>>(parse_cpu_list(text));
}

std::string error(std::string_view text) {
  return std::get<ScalarError>(parse_cpu_list(text)).message;
}

TEST(CpuList, IsNumbersAndRangesInAnyOrder) {
  EXPECT_THAT(parse("3"), ElementsAre(3));
  EXPECT_THAT(parse("0-2"), ElementsAre(0, 1, 2));
  EXPECT_THAT(parse("8,0-2,1,8,5-5"), ElementsAre(0, 1, 2, 5, 8));
  EXPECT_EQ(parse("0-1023").size(), 1024u);
}

TEST(CpuList, RefusesWhatIsNone) {
  for (const char* text :
       {"", ",", "1,", ",1", "-1", "1-", "a", "1-2-3", "1 ", "0 - 3", "+1", "0x1", "all"}) {
    EXPECT_EQ(error(text), "expected a list of processors") << text;
  }
  EXPECT_EQ(error("3-1"), "a range of processors ends before it begins");
  for (const char* text : {"1024", "0-1024", "99999999999999999999", "2000-1"}) {
    EXPECT_EQ(error(text), "expected processors from 0 to 1023") << text;
  }
}

TEST(CpuList, IsWrittenInRanges) {
  for (const char* text : {"0", "0-3,6", "1,3,5", "0-1023", "1023"}) {
    EXPECT_EQ(format_cpu_list(parse(text)), text);
  }
  EXPECT_EQ(format_cpu_list(parse("2,0,1")), "0-2");
}

}  // namespace
}  // namespace pid1::config
