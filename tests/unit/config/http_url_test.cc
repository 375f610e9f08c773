#include "config/http_url.h"

#include <gtest/gtest.h>

#include <string>

namespace pid1::config {
namespace {

struct Accepted {
  std::string_view text;
  std::string_view host;
  int port;
  std::string_view unix_socket;
  std::string_view target;
};

class AcceptedUrl : public ::testing::TestWithParam<Accepted> {};

TEST_P(AcceptedUrl, HasItsParts) {
  const auto parsed = parse_http_url(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<HttpProbe>(parsed))
      << GetParam().text << std::get<ScalarError>(parsed).hint;
  const auto& probe = std::get<HttpProbe>(parsed);
  EXPECT_EQ(probe.host, GetParam().host);
  EXPECT_EQ(probe.port, GetParam().port);
  EXPECT_EQ(probe.unix_socket, GetParam().unix_socket);
  EXPECT_EQ(probe.target, GetParam().target);
}

TEST_P(AcceptedUrl, ReadsBackFromItsText) {
  const auto probe = std::get<HttpProbe>(parse_http_url(GetParam().text));
  EXPECT_EQ(std::get<HttpProbe>(parse_http_url(format_http_url(probe))), probe);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, AcceptedUrl,
    ::testing::Values(Accepted{"http://localhost", "localhost", 80, "", "/"},
                      Accepted{"http://localhost/", "localhost", 80, "", "/"},
                      Accepted{"http://a:8080/b/c?d=e&f=%20", "a", 8080, "", "/b/c?d=e&f=%20"},
                      Accepted{"http://a?x", "a", 80, "", "/?x"},
                      Accepted{"http://127.0.0.1:65535", "127.0.0.1", 65535, "", "/"},
                      Accepted{"http://[::1]", "::1", 80, "", "/"},
                      Accepted{"http://[fe80::1]:81/x", "fe80::1", 81, "", "/x"},
                      Accepted{"http://a/b:c@d", "a", 80, "", "/b:c@d"},
                      Accepted{"http+unix://%2Frun%2Fapp.sock", "", 80, "/run/app.sock", "/"},
                      Accepted{"http+unix://%2frun%2fa%20b/x?y", "", 80, "/run/a b", "/x?y"},
                      Accepted{"http+unix://%2Frun%2F%25%C3%A9/", "", 80, "/run/%\xC3\xA9", "/"}));

struct Refused {
  std::string_view text;
  std::string_view hint;
};

class RefusedUrl : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedUrl, SaysWhatToWrite) {
  const auto parsed = parse_http_url(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<ScalarError>(parsed)) << GetParam().text;
  EXPECT_EQ(std::get<ScalarError>(parsed).message, "expected the URL of a health check");
  EXPECT_NE(std::get<ScalarError>(parsed).hint.find(GetParam().hint), std::string::npos)
      << std::get<ScalarError>(parsed).hint;
}

const std::string kLongSocket = "http+unix://%2F" + std::string(107, 'x');

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedUrl,
    ::testing::Values(
        Refused{"https://a", "TLS is not supported"}, Refused{"", "begin it with"},
        Refused{"localhost:80", "begin it with"}, Refused{"ftp://a", "begin it with"},
        Refused{"HTTP://a", "begin it with"}, Refused{"http://", "write a host"},
        Refused{"http:///x", "write a host"}, Refused{"http://:80", "write a name"},
        Refused{"http://u:p@a/", "Authorization"}, Refused{"http://a:0", "a port"},
        Refused{"http://a:", "a port"}, Refused{"http://a:65536", "a port"},
        Refused{"http://a:8o", "a port"}, Refused{"http://::1/", "IPv6 address in"},
        Refused{"http://[::1", "IPv6 address in"}, Refused{"http://[::1]80", "IPv6 address in"},
        Refused{"http://[a]/", "IPv6 address in"}, Refused{"http://1.2.3/", "IPv4 address"},
        Refused{"http://a/b c", "as %20"}, Refused{"http://a/\xC3\xA9", "as %20"},
        Refused{"http://a/\n", "as %20"}, Refused{"http://a/#x", "never sent"},
        Refused{"http+unix:///run/a.sock", "write a host"},
        Refused{"http+unix://run%2Fa.sock", "absolute path"},
        Refused{"http+unix://%2Frun%2", "absolute path"},
        Refused{"http+unix://%2Frun%zz", "absolute path"},
        Refused{"http+unix://%2Frun%00", "absolute path"}, Refused{kLongSocket, "107 bytes"}));

}  // namespace
}  // namespace pid1::config
