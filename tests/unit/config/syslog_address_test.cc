#include "config/syslog_address.h"

#include <gtest/gtest.h>

namespace pid1::config {
namespace {

TEST(SyslogAddress, IsAUrl) {
  const auto parsed = [](std::string_view text) {
    return std::get<SyslogAddress>(parse_syslog_address(text));
  };
  EXPECT_EQ(parsed("unix:///dev/log"), SyslogAddress{});
  EXPECT_EQ(
      parsed("udp://10.0.0.1"),
      (SyslogAddress{.transport = SyslogAddress::Transport::udp, .host = "10.0.0.1", .path = ""}));
  EXPECT_EQ(
      parsed("tcp://logs:601"),
      (SyslogAddress{
          .transport = SyslogAddress::Transport::tcp, .host = "logs", .path = "", .port = 601}));
  EXPECT_EQ(
      parsed("tcp://[::1]:601"),
      (SyslogAddress{
          .transport = SyslogAddress::Transport::tcp, .host = "::1", .path = "", .port = 601}));
  for (const std::string_view wrong :
       {"", "logs", "unix://dev/log", "udp://", "udp://a:0", "udp://a:", "udp://a:70000",
        "udp://a:1x", "tcp://[::1", "tcp://[::1]x", "http://a", "udp://a/b"}) {
    EXPECT_TRUE(std::holds_alternative<ScalarError>(parse_syslog_address(wrong))) << wrong;
  }
}

}  // namespace
}  // namespace pid1::config
