// The rights and limits that a service asks for, as its program finds them.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr uid_t kUser = 64321;

// The sets of capabilities(7) as /proc/PID/status shows them: KILL and NET_BIND_SERVICE.
constexpr const char* kKillAndBind = "0000000000000420";
constexpr const char* kNone = "0000000000000000";

// Soft and hard one of a resource, by its RLIMIT_ number.
std::string limit_of(const Event& start, int resource) {
  std::string limits = start["limits"];
  for (; resource > 0; --resource) limits.erase(0, limits.find(' ') + 1);
  return limits.substr(0, limits.find(' '));
}

TEST(Privileges, OfAUserAreExactlyThoseThatAreAdded) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, user: "64321:64321", cap_add: [KILL, CAP_NET_BIND_SERVICE]}
  confined: {command: probe confined, user: "64321:64321", cap_add: [KILL, NET_BIND_SERVICE], cap_drop: [ALL]}
  plain: {command: probe plain, user: "64321:64321"}
)");
  const auto starts = pid1.expect_all({started("web"), started("confined"), started("plain")});
  EXPECT_EQ(starts[0]["uid"], "64321");
  EXPECT_EQ(starts[0]["capabilities"], kKillAndBind);
  EXPECT_EQ(starts[0]["ambient"], kKillAndBind);
  EXPECT_EQ(starts[1]["capabilities"], kKillAndBind);
  EXPECT_EQ(starts[1]["bounding"], kKillAndBind);
  EXPECT_EQ(starts[2]["capabilities"], kNone);
  EXPECT_EQ(starts[2]["ambient"], kNone);
  EXPECT_EQ(starts[2]["bounding"], starts[0]["bounding"]) << "pid1's own";
}

TEST(Privileges, OfRootAreWithoutWhatIsDropped) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, cap_drop: [ALL], cap_add: [KILL, NET_BIND_SERVICE]}
  bare: {command: probe bare, cap_drop: [ALL]}
)");
  const auto starts = pid1.expect_all({started("web"), started("bare")});
  EXPECT_EQ(starts[0]["capabilities"], kKillAndBind);
  EXPECT_EQ(starts[0]["bounding"], kKillAndBind);
  EXPECT_EQ(starts[1]["capabilities"], kNone);
  EXPECT_EQ(starts[1]["uid"], "0");
}

TEST(Privileges, AreNotGainedByProgramsWhereThatIsForbidden) {
  Pid1 pid1(R"(
services:
  web: {command: probe web, security_opt: ["no-new-privileges:true"]}
  other: {command: probe other}
)");
  const auto starts = pid1.expect_all({started("web"), started("other")});
  EXPECT_EQ(starts[0]["no_new_privs"], "1");
  EXPECT_EQ(starts[1]["no_new_privs"], "0");
}

TEST(Privileges, AreTheSameForHooks) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    user: "64321:64321"
    cap_add: [KILL, NET_BIND_SERVICE]
    pre_start: [{command: probe hook exit=0}]
)");
  EXPECT_EQ(pid1.expect(started("hook"))["capabilities"], kKillAndBind);
}

// What a hardened image asks of each service, where its engine has done so already.
TEST(Privileges, CanBeDroppedByAPid1ThatHasNone) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web, cap_drop: [ALL], security_opt: [no-new-privileges]}
)",
                      .restrictions = {Restriction::no_capabilities},
                      .user = kUser});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["capabilities"], kNone);
  EXPECT_EQ(start["no_new_privs"], "1");
}

TEST(Limits, AreThoseOfTheConfiguration) {
  Pid1 pid1(R"(
services:
  web:
    command: probe web
    user: "64321:64321"
    umask: "0027"
    ulimits: {nofile: {soft: 100, hard: 200}, core: 0, cpu: -1}
    oom_score_adj: 700
    nice: 5
    cpuset: "0"
)");
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(limit_of(start, RLIMIT_NOFILE), "100:200");
  EXPECT_EQ(limit_of(start, RLIMIT_CORE), "0:0");
  EXPECT_EQ(limit_of(start, RLIMIT_CPU), "-:-");
  EXPECT_EQ(start["oom_score_adj"], "700");
  EXPECT_EQ(start["nice"], "5");
  EXPECT_EQ(start["processors"], "0");
  EXPECT_EQ(start["umask"], std::to_string(0027));
}

TEST(Limits, AreForAnUnprivilegedPid1ToLowerToo) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web, ulimits: {nofile: 64}, oom_score_adj: 1000, nice: 19, cpuset: "0"}
)",
                      .restrictions = {Restriction::no_capabilities, Restriction::no_new_privs},
                      .user = kUser});
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(limit_of(start, RLIMIT_NOFILE), "64:64");
  EXPECT_EQ(start["oom_score_adj"], "1000");
  EXPECT_EQ(start["nice"], "19");
}

TEST(MissingRights, AreToldAllAtOnceBeforeAnythingStarts) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web, cap_add: [NET_ADMIN], nice: -5}
  db: {command: probe db, cap_drop: [MKNOD], cpuset: "1000"}
  other: {command: probe other}
)",
                      .user = kUser});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_NE(pid1.err().find("web: cap_add: pid1 itself doesn't have NET_ADMIN"), std::string::npos);
  EXPECT_NE(pid1.err().find("web: nice: -5 is below pid1's own"), std::string::npos);
  EXPECT_NE(pid1.err().find("db: cap_drop: pid1 lacks SETPCAP"), std::string::npos);
  EXPECT_NE(pid1.err().find("db: cpuset: there is no processor 1000"), std::string::npos);
  EXPECT_TRUE(pid1.events().empty());
}

TEST(MissingRights, AreAScoreBelowThatOfTheContainer) {
  Pid1 pid1(Container{.config = R"(
services:
  web: {command: probe web, oom_score_adj: -1000, restart: "no"}
)",
                      .user = kUser});
  EXPECT_EQ(pid1.wait(), 78);
  EXPECT_NE(pid1.err().find("web: oom_score_adj: -1000 is below what pid1 may give, "),
            std::string::npos)
      << pid1.err();
}

TEST(StandardInput, IsOneServicesAndNoOthers) {
  Pid1 pid1(Container{.config = R"(
services:
  shell: {command: probe shell, stdin_open: true}
  web: {command: probe web}
)",
                      .terminal = Terminal::controlling});
  const auto starts = pid1.expect_all({started("shell"), started("web")});
  EXPECT_TRUE(starts[0]["stdin"].starts_with("/dev/pts/")) << starts[0]["stdin"];
  EXPECT_EQ(starts[0]["tpgid"], "-1") << "it reads from the terminal, which isn't its own";
  EXPECT_EQ(starts[1]["stdin"], "/dev/null");
}

TEST(ATerminal, IsTheServicesThatAsksForItWithItsKeys) {
  Pid1 pid1(Container{.config = R"(
services:
  shell: {command: probe shell die-on=INT, tty: true, restart: {delay: 1ms}}
  web: {command: probe web}
)",
                      .terminal = Terminal::controlling});
  const auto starts = pid1.expect_all({started("shell"), started("web")});
  EXPECT_EQ(starts[0]["tpgid"], starts[0]["pid"]);
  EXPECT_EQ(starts[0]["sid"], starts[0]["pid"]);
  EXPECT_EQ(starts[1]["tpgid"], "-1");
  pid1.expect(reported("shell", "running"));
  pid1.type("\x03");  // ^C
  pid1.expect(received("shell", SIGINT));
  const Event again = pid1.expect(started("shell"));
  EXPECT_EQ(again["tpgid"], again["pid"]) << "also after a restart";
  pid1.signal(SIGTERM);
  EXPECT_EQ(pid1.wait(), 0);
}

}  // namespace

}  // namespace pid1::testing
