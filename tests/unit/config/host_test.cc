#include "config/host.h"

#include <gtest/gtest.h>

namespace pid1::config {
namespace {

TEST(Host, IsANameOrAnAddress) {
  for (const char* text : {"localhost", "db", "db-1.internal", "a_b", "1a", "0.0.0.0",
                           "255.255.255.255", "::", "::1", "1::", "fe80::1", "1:2:3:4:5:6:7:8",
                           "::ffff:127.0.0.1", "1:2:3:4:5:6:1.2.3.4", "ABCD:ef01::"}) {
    EXPECT_EQ(parse_host(text), text);
  }
}

TEST(Host, LosesTheBracketsOfAnIpv6Address) {
  EXPECT_EQ(parse_host("[::1]"), "::1");
  EXPECT_EQ(parse_host("[localhost]"), std::nullopt);
  EXPECT_EQ(parse_host("[127.0.0.1]"), std::nullopt);
}

TEST(Host, IsNothingElse) {
  const std::string long_label(64, 'a');
  std::string long_name = "a";
  while (long_name.size() <= 253) long_name += ".a";
  for (const std::string& text : {std::string(),
                                  std::string("a b"),
                                  std::string("-a"),
                                  std::string("a-"),
                                  std::string("a."),
                                  std::string(".a"),
                                  std::string("a..b"),
                                  std::string("1.2.3"),
                                  std::string("1.2.3.256"),
                                  std::string("01.2.3.4"),
                                  std::string("1.2.3.4."),
                                  std::string("1.2.3.4.5"),
                                  std::string("7"),
                                  std::string(":"),
                                  std::string(":::"),
                                  std::string("1:2:3:4:5:6:7"),
                                  std::string("1:2:3:4:5:6:7:8:9"),
                                  std::string("1:2:3:4:5:6:7::8"),
                                  std::string("1::2::3"),
                                  std::string("12345::"),
                                  std::string("g::"),
                                  std::string("1.2.3.4::"),
                                  std::string("::1.2.3.4:5"),
                                  std::string("a/b"),
                                  std::string("\xC3\xA9"),
                                  long_label,
                                  long_name}) {
    EXPECT_EQ(parse_host(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace pid1::config
