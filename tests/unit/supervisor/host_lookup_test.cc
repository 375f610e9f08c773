#include "supervisor/host_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> look_up(std::string_view host, std::string_view hosts = "") {
  std::vector<std::string> found;
  for (const auto& address : look_up_host(host, hosts)) found.push_back(address.to_string());
  return found;
}

TEST(HostLookup, TakesAnAddressForItself) {
  EXPECT_THAT(look_up("127.0.0.1"), ElementsAre("127.0.0.1"));
  EXPECT_THAT(look_up("::1"), ElementsAre("::1"));
  EXPECT_THAT(look_up("127.0.0.1", "10.0.0.1 127.0.0.1"), ElementsAre("127.0.0.1"));
}

TEST(HostLookup, KnowsLocalhostWithoutAFile) {
  EXPECT_THAT(look_up("localhost"), ElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(look_up("LOCALHOST"), ElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(look_up("localhost", "127.0.0.2 localhost"), ElementsAre("127.0.0.2"));
}

TEST(HostLookup, FindsEachAddressOfANameInTheOrderOfTheFile) {
  const std::string hosts =
      "# 10.9.9.9 web\n"
      "127.0.0.1\tlocalhost\n"
      "10.0.0.1 other  web # and db\r\n"
      "\n"
      "  fd00::1 WEB\n"
      "10.0.0.1 web\n"
      "nonsense web\n"
      "10.0.0.3 webx";
  EXPECT_THAT(look_up("web", hosts), ElementsAre("10.0.0.1", "fd00::1"));
  EXPECT_THAT(look_up("webx", hosts), ElementsAre("10.0.0.3"));
  EXPECT_THAT(look_up("db", hosts), IsEmpty());
  EXPECT_THAT(look_up("10.0.0", hosts), IsEmpty());
  EXPECT_THAT(look_up("", hosts), IsEmpty());
}

TEST(HostLookup, ReadsTheSystemsFile) {
  int error = -1;
  EXPECT_THAT(read_hosts_file(error), HasSubstr("localhost"));
  EXPECT_EQ(error, 0);
}

}  // namespace
}  // namespace pid1::supervisor
