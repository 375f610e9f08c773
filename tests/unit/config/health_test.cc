#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

HealthCheck load_check(const std::string& keys, const std::string& rest = "") {
  return load_service("{command: a, healthcheck: {" + keys + "}" + rest + "}").health.value();
}

std::vector<std::string> argv_of(const std::string& test) {
  return std::get<ProcessSpec>(load_check("test: " + test).probe).argv;
}

std::string refuse(const std::string& keys) {
  return load_bad("services:\n  web: {command: a, healthcheck: {" + keys + "}}\n");
}

TEST(HealthCheck, HasDockersTimesWhereNothingIsWritten) {
  const HealthCheck check = load_check("test: x");
  EXPECT_EQ(check.interval, 30s);
  EXPECT_EQ(check.timeout, 30s);
  EXPECT_EQ(check.retries, 3u);
  EXPECT_EQ(check.start_period, 0s);
  EXPECT_EQ(check.start_interval, 5s);
}

TEST(HealthCheck, HasTheTimesThatAreWritten) {
  const HealthCheck check = load_check(
      "test: x, interval: 1m, timeout: 2s, retries: 5, start_period: 3s, start_interval: 500ms");
  EXPECT_EQ(check.interval, 1min);
  EXPECT_EQ(check.timeout, 2s);
  EXPECT_EQ(check.retries, 5u);
  EXPECT_EQ(check.start_period, 3s);
  EXPECT_EQ(check.start_interval, 500ms);
}

TEST(HealthCheck, TestIsAShellsWhereItIsAString) {
  EXPECT_THAT(argv_of("\"curl -f localhost || exit 1\""),
              ElementsAre("/bin/sh", "-c", "curl -f localhost || exit 1"));
  EXPECT_THAT(argv_of("[CMD-SHELL, \"a | b\"]"), ElementsAre("/bin/sh", "-c", "a | b"));
}

TEST(HealthCheck, TestIsTheProgramsOwnWordsBehindCmd) {
  EXPECT_THAT(argv_of("[CMD, redis-cli, ping, \"\"]"), ElementsAre("redis-cli", "ping", ""));
}

TEST(HealthCheck, IsNoneWhereItIsSwitchedOff) {
  for (const char* keys : {"test: [NONE]", "disable: true", "disable: true, test: x, retries: 1",
                           "disable: true, tcp: {port: 1}"}) {
    const ServiceSpec web = load_service("{command: a, healthcheck: {" + std::string(keys) + "}}");
    EXPECT_FALSE(web.health) << keys;
  }
  EXPECT_TRUE(load_service("{command: a, healthcheck: {disable: false, test: x}}").health);
}

TEST(HealthCheck, RunsAsTheServiceDoes) {
  const ServiceSpec web = load_service(
      "{command: a b, user: app, group_add: [adm], working_dir: /app, umask: \"0027\", nice: 5, "
      "environment: {A: x}, ulimits: {core: 0}, oom_score_adj: 1, cpuset: \"1\", "
      "cap_drop: [ALL], healthcheck: {test: [CMD, check]}}");
  ProcessSpec expected = web.process;
  expected.argv = {"check"};
  EXPECT_EQ(std::get<ProcessSpec>(web.health.value().probe), expected);
  EXPECT_EQ(expected.nice, 5);
}

TEST(HealthCheck, IsOfOneKind) {
  EXPECT_EQ(refuse("test: x, tcp: {port: 80}"),
            "pid1.yaml:2:44: error: `test` and `tcp` exclude one another\n"
            "  web: {command: a, healthcheck: {test: x, tcp: {port: 80}}}\n"
            "                                           ^\n"
            "hint: keep one of them\n");
  EXPECT_THAT(refuse("http: {url: \"http://a\"}, tcp: {port: 80}"),
              HasSubstr("error: `http` and `tcp` exclude one another"));
  EXPECT_EQ(refuse("interval: 5s"),
            "pid1.yaml:2:21: error: `healthcheck` needs one of the keys `test`, `http` and `tcp`\n"
            "  web: {command: a, healthcheck: {interval: 5s}}\n"
            "                    ^\n"
            "hint: write what to check, or `disable: true`\n");
}

TEST(HealthCheck, SaysWhatIsWrongWithATest) {
  EXPECT_EQ(refuse("test: [redis-cli, ping]"),
            "pid1.yaml:2:41: error: expected NONE, CMD or CMD-SHELL first\n"
            "  web: {command: a, healthcheck: {test: [redis-cli, ping]}}\n"
            "                                        ^\n"
            "hint: write [CMD, program, argument]\n");
  EXPECT_THAT(refuse("test: []"), HasSubstr("expected NONE, CMD or CMD-SHELL first"));
  EXPECT_THAT(refuse("test: \"\""), HasSubstr("the command is empty"));
  EXPECT_THAT(refuse("test: [CMD]"), HasSubstr("expected a program and its arguments behind CMD"));
  EXPECT_THAT(refuse("test: [CMD, \"\"]"), HasSubstr("expected a program and its arguments"));
  EXPECT_THAT(refuse("test: [CMD-SHELL, a, b]"), HasSubstr("expected one string behind CMD-SHELL"));
  EXPECT_THAT(refuse("test: [NONE, x]"), HasSubstr("expected nothing behind NONE"));
}

TEST(HealthCheck, RefusesTimesThatNothingCanCome) {
  for (const char* key : {"interval", "timeout", "start_interval"}) {
    EXPECT_THAT(refuse("test: x, " + std::string(key) + ": 0s"),
                HasSubstr("error: expected a duration of more than 0\n"))
        << key;
  }
  EXPECT_THAT(refuse("test: x, retries: 0"), HasSubstr("expected an integer from 1 to"));
}

TEST(HealthCheck, IsStillReadWhereItIsDisabled) {
  EXPECT_THAT(refuse("disable: true, test: [redis-cli]"), HasSubstr("expected NONE, CMD"));
  EXPECT_THAT(refuse("disable: true, timeout: 0"), HasSubstr("of more than 0"));
}

TEST(HttpCheck, HasAUrlAndHeaders) {
  const auto probe = std::get<HttpProbe>(
      load_check("http: {url: \"http://127.0.0.1:8080/healthz?x=1\", headers: {Host: example.org, "
                 "X-Token: \"a b\"}}")
          .probe);
  EXPECT_EQ(probe.host, "127.0.0.1");
  EXPECT_EQ(probe.port, 8080);
  EXPECT_EQ(probe.target, "/healthz?x=1");
  EXPECT_THAT(probe.headers, ElementsAre(Pair("Host", "example.org"), Pair("X-Token", "a b")));
}

TEST(HttpCheck, SaysWhatIsWrongWithTheUrl) {
  EXPECT_EQ(refuse("http: {url: \"https://localhost/\"}"),
            "pid1.yaml:2:47: error: expected the URL of a health check\n"
            "  web: {command: a, healthcheck: {http: {url: \"https://localhost/\"}}}\n"
            "                                              ^\n"
            "hint: TLS is not supported: check http:// on a local port, or use `tcp` or `test`\n");
  EXPECT_THAT(refuse("http: {}"), HasSubstr("`http` needs the key `url`"));
  EXPECT_EQ(count(refuse("http: {ulr: \"http://a\"}"), "error: "), 1u);
}

TEST(HttpCheck, RefusesHeadersThatWouldBreakTheRequest) {
  const auto with = [](const std::string& headers) {
    return refuse("http: {url: \"http://a\", headers: {" + headers + "}}");
  };
  EXPECT_THAT(with("\"a b\": x"), HasSubstr("this is no name for a header field"));
  EXPECT_THAT(with("\"a:\": x"), HasSubstr("this is no name for a header field"));
  EXPECT_THAT(with("A: \"b\\r\\nC: d\""), HasSubstr("can't hold control characters"));
  EXPECT_THAT(with("content-LENGTH: 3"), HasSubstr("`content-LENGTH` is set by pid1"));
  EXPECT_THAT(with("Connection: close"), HasSubstr("is set by pid1"));
}

TEST(TcpCheck, HasAPortAndAHost) {
  EXPECT_EQ(std::get<TcpProbe>(load_check("tcp: {port: 5432}").probe),
            (TcpProbe{"127.0.0.1", 5432}));
  EXPECT_EQ(std::get<TcpProbe>(load_check("tcp: {host: \"[::1]\", port: 1}").probe),
            (TcpProbe{"::1", 1}));
}

TEST(TcpCheck, NeedsAPort) {
  EXPECT_THAT(refuse("tcp: {host: localhost}"), HasSubstr("`tcp` needs the key `port`"));
  EXPECT_THAT(refuse("tcp: {port: 0}"), HasSubstr("expected an integer from 1 to 65535"));
  EXPECT_THAT(refuse("tcp: {host: \"localhost:80\", port: 1}"),
              HasSubstr("expected a name, an IPv4 address or an IPv6 address"));
}

TEST(HealthCheck, OfAnotherKindTakesThePlaceOfThatItExtends) {
  const Plan plan = load_good(
      "services:\n"
      "  base: {command: a, healthcheck: {test: [CMD, x, y], interval: 5s}}\n"
      "  http: {extends: base, healthcheck: {http: {url: \"http://a\"}}}\n"
      "  test: {extends: http, healthcheck: {test: [CMD, z], retries: 1}}\n"
      "  off: {extends: base, healthcheck: {disable: true}}\n");
  const HealthCheck& http = service_named(plan, "http").health.value();
  EXPECT_EQ(std::get<HttpProbe>(http.probe).host, "a");
  EXPECT_EQ(http.interval, 5s);
  const HealthCheck& test = service_named(plan, "test").health.value();
  EXPECT_THAT(std::get<ProcessSpec>(test.probe).argv, ElementsAre("z"));
  EXPECT_FALSE(service_named(plan, "off").health);
}

TEST(OnUnhealthy, IsAsWritten) {
  EXPECT_EQ(load_service("{command: a}").on_unhealthy, EndAction::ignore);
  EXPECT_EQ(
      load_service("{command: a, on_unhealthy: restart, healthcheck: {test: x}}").on_unhealthy,
      EndAction::restart);
}

TEST(OnOom, IsAsWrittenElseAsOnFailure) {
  EXPECT_EQ(load_service("{command: a}").on_oom, std::nullopt);
  EXPECT_EQ(load_service("{command: a, on_oom: restart}").on_oom, EndAction::restart);
}

}  // namespace
}  // namespace pid1::config
