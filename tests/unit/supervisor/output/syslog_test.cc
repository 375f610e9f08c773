#include <gtest/gtest.h>

#include "supervisor/output/syslog_address.h"
#include "supervisor/output/syslog_format.h"
#include "supervisor/output/syslog_message.h"

namespace pid1::output {
namespace {

struct Expected {
  std::string_view datagram;
  unsigned facility;
  Severity severity;
  std::string_view application;
  std::string_view process;
  std::string_view text;
};

void expect(const Expected& expected) {
  const SyslogMessage message = parse_syslog(expected.datagram);
  EXPECT_EQ(message.facility, expected.facility) << expected.datagram;
  EXPECT_EQ(message.severity, expected.severity) << expected.datagram;
  EXPECT_EQ(message.application, expected.application) << expected.datagram;
  EXPECT_EQ(message.process, expected.process) << expected.datagram;
  EXPECT_EQ(message.text, expected.text) << expected.datagram;
}

TEST(SyslogMessage, IsReadAsProgramsOfOldWriteIt) {
  using enum Severity;
  // glibc's syslog(3), without and with LOG_PID.
  expect({"<30>Nov 25 23:02:25 cron: started", 3, informational, "cron", "", "started"});
  expect({"<22>Nov  5 23:02:25 postfix/smtpd[12]: connect", 2, informational, "postfix/smtpd", "12",
          "connect"});
  // With a host, as haproxy does, and as RFC 3164 has it.
  expect({"<134>Nov 25 23:02:25 box haproxy[7]: up", 16, informational, "haproxy", "7", "up"});
  expect({"<34>Oct 11 22:14:15 mymachine su: 'su root' failed", 4, critical, "su", "",
          "'su root' failed"});
  // With a date of RFC 3339, and with none, as musl and Python do.
  expect({"<13>2026-11-25T23:02:25.1+01:00 app: x", 1, notice, "app", "", "x"});
  expect({"<11>app: x y", 1, error, "app", "", "x y"});
}

TEST(SyslogMessage, IsReadAsRfc5424HasIt) {
  using enum Severity;
  expect(
      {"<165>1 2003-10-11T22:14:15.003Z host evntslog 8 ID47 [a@1 k=\"v]\\\" ]\"][b@1] text here",
       20, notice, "evntslog", "8", "text here"});
  expect({"<34>1 - - su - - - \xEF\xBB\xBF'su root'", 4, critical, "su", "", "'su root'"});
  expect({"<34>1 - - su - - -", 4, critical, "su", "", ""});
}

TEST(SyslogMessage, IsTextWhereNothingElseIsKnown) {
  using enum Severity;
  expect({"just words", 1, notice, "", "", "just words"});
  expect({"", 1, notice, "", "", ""});
  expect({"<", 1, notice, "", "", "<"});
  expect({"<192>x", 1, notice, "", "", "<192>x"});
  expect({"<9999>x", 1, notice, "", "", "<9999>x"});
  expect({"<13>", 1, notice, "", "", ""});
  expect({"<13>no tag in this one: really", 1, notice, "", "", "no tag in this one: really"});
}

TEST(SyslogMessage, EndsBeforeItsNewlineOrNul) {
  EXPECT_EQ(parse_syslog("<13>a: x\n").text, "x");
  EXPECT_EQ(parse_syslog(std::string_view("<13>a: x\0", 9)).text, "x");
}

TEST(SyslogMessage, IsReadWithinItsBounds) {
  const std::string_view whole =
      "<165>1 2003-10-11T22:14:15.003Z host app 8 ID [a@1 k=\"v\\\"\"] text";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    // A copy of its own, so that a sanitizer sees what is read behind it.
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_LE(parse_syslog({cut.data(), cut.size()}).text.size(), length);
  }
}

TEST(SyslogFormat, IsThatOfRfc5424) {
  SyslogFormat out({.service = "web"}, "box");
  out.begin({.time = WallTime(std::chrono::nanoseconds(1'795'647'745'123'456'789)), .pid = 42});
  std::string text;
  out.append({"hello\x1b"}, text);
  EXPECT_EQ(text, "<30>1 2026-11-25T23:02:25.123456Z box web 42 - - hello\\x1b\n");
  SyslogFormat err({.service = "web", .stream = Stream::err, .tag = "my shop"}, "");
  err.begin({});
  text.clear();
  err.append({"x", Part::first}, text);
  EXPECT_EQ(text, "<27>1 1970-01-01T00:00:00.000000Z - my_shop - - - x[...]\n");
}

TEST(Hosts, AreLookedUpByEachOfTheirNames) {
  const std::string_view hosts =
      "# comment\n127.0.0.1 localhost\n\n10.1.2.3\tlogs.example.org  Logs # old\n::1 "
      "logs\n10.9.9.9 last";
  EXPECT_EQ(find_host(hosts, "logs"), "10.1.2.3");
  EXPECT_EQ(find_host(hosts, "LOGS.example.org"), "10.1.2.3");
  EXPECT_EQ(find_host(hosts, "last"), "10.9.9.9");
  EXPECT_EQ(find_host(hosts, "old"), std::nullopt);
  EXPECT_EQ(find_host(hosts, "log"), std::nullopt);
}

}  // namespace
}  // namespace pid1::output
