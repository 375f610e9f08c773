#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/pid1.h"

namespace pid1::testing {

namespace {

constexpr const char* kPasswd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "web:x:4100:4200:Web:/srv/web:/bin/sh\n";
constexpr const char* kGroup =
    "root:x:0:\n"
    "web:x:4200:\n"
    "media:x:4300:web\n"
    "adm:x:4400:root,web\n"
    "extra:x:4500:\n";

Container with_accounts(const std::string& config) {
  return Container{.config = config,
                   .replaced = {{"/etc/passwd", kPasswd}, {"/etc/group", kGroup}}};
}

Matcher variable(const std::string& who, const std::string& name, const std::string& value) {
  return {who, "env", {{"name", name}, {"value", value}}};
}

TEST(Surroundings, GiveEachServiceASessionOfItsOwnAndNothingOfPid1s) {
  Pid1 pid1("services: {web: {command: probe web}}");
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["sid"], start["pid"]);
  EXPECT_EQ(start["pgid"], start["pid"]);
  EXPECT_EQ(start["ppid"], "1");
  EXPECT_EQ(start["fds"], "0,1,2");
  EXPECT_EQ(start["stdin"], "/dev/null");
  EXPECT_EQ(start["mask"], "");
  EXPECT_EQ(start["ignored"], "");
}

TEST(Surroundings, HandDownPid1sOwnEnvironment) {
  Pid1 pid1(Container{.config = "services: {web: {command: probe web env=GREETING}}",
                      .environment = {{"GREETING", "a = b % $c \"d\""}}});
  pid1.expect(variable("web", "GREETING", "a = b % $c \"d\""));
}

TEST(Surroundings, PutEnvironmentBeforeEnvFilesBeforePid1sOwn) {
  Pid1 pid1(Container{
      .config = R"(
services:
  web:
    command: probe web env=A env=B env=C env=D env=E env=F
    env_file: [first.env, {path: second.env}, {path: missing.env, required: false}]
    environment: {A: from environment, E: , F: }
)",
      .files = {{"first.env", "A=1\nB=1\nC=1\nE=1\nF=1\n"}, {"second.env", "A=2\nB=\"two $D\"\n"}},
      .environment = {{"D", "own"}, {"E", "inherited"}}});
  pid1.expect_sequence({variable("web", "A", "from environment"), variable("web", "B", "two own"),
                        variable("web", "C", "1"), variable("web", "D", "own"),
                        variable("web", "E", "inherited")});
  EXPECT_FALSE(pid1.expect({"web", "env", {{"name", "F"}}}).facts.contains("value"));
}

TEST(Surroundings, PassArgumentsOnUntouched) {
  Pid1 pid1(R"(
services:
  web:
    entrypoint: [probe, web]
    command: [argv, "say=a  b\n\"c\" 'd' $$HOME *", run]
  shell: {command: 'probe shell "say=one  word" argv'}
)");
  const auto events = pid1.expect_all({reported("web", "argv"), reported("web", "said"),
                                       reported("shell", "said"), reported("shell", "argv")});
  EXPECT_EQ(events[0]["0"], "probe");
  EXPECT_EQ(events[0]["2"], "argv");
  EXPECT_EQ(events[1]["text"], "a  b\n\"c\" 'd' $HOME *");
  EXPECT_EQ(events[2]["text"], "one  word");
  EXPECT_EQ(events[3]["3"], "argv");
}

TEST(Surroundings, SetTheWorkingDirectoryAndTheUmask) {
  Pid1 pid1(R"(services: {web: {command: probe web, working_dir: /usr/lib, umask: "0027"}})");
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["cwd"], "/usr/lib");
  EXPECT_EQ(start["umask"], std::to_string(0027));
}

TEST(User, ComesWithItsGroupsAndItsVariables) {
  Pid1 pid1(with_accounts(R"(
services: {web: {command: probe web env=HOME env=USER env=LOGNAME env=SHELL, user: web}}
)"));
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["uid"], "4100");
  EXPECT_EQ(start["euid"], "4100");
  EXPECT_EQ(start["gid"], "4200");
  EXPECT_TRUE(start["groups"] == "4200,4300,4400" || start["groups"] == "4300,4400")
      << start["groups"];
  EXPECT_EQ(start["capabilities"], "0000000000000000");
  pid1.expect_sequence({variable("web", "HOME", "/srv/web"), variable("web", "USER", "web"),
                        variable("web", "LOGNAME", "web"), variable("web", "SHELL", "/bin/sh")});
}

TEST(User, MayBeMadeByTheServiceBefore) {
  Pid1 pid1(with_accounts(R"(
services:
  make: {type: oneshot, command: [sh, -c, "echo late:x:4700:4200::/:/bin/sh >> /etc/passwd"]}
  web:
    command: probe web
    user: late
    depends_on: {make: {condition: service_completed_successfully}}
)"));
  EXPECT_EQ(pid1.expect(started("web"))["uid"], "4700");
}

TEST(User, HasOnlyTheGroupThatIsGiven) {
  Pid1 pid1(with_accounts("services: {web: {command: probe web, user: \"web:extra\"}}"));
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["uid"], "4100");
  EXPECT_EQ(start["gid"], "4500");
  EXPECT_TRUE(start["groups"] == "4500" || start["groups"].empty()) << start["groups"];
}

TEST(User, HasTheGroupsThatAreAdded) {
  Pid1 pid1(with_accounts(
      "services: {web: {command: probe web, user: \"4100:4200\", group_add: [extra, \"4600\"]}}"));
  const Event start = pid1.expect(started("web"));
  EXPECT_NE(start["groups"].find("4500,4600"), std::string::npos) << start["groups"];
}

TEST(User, MayBeANumberThatNobodyHas) {
  Pid1 pid1(with_accounts("services: {web: {command: probe web, user: \"4999:4998\"}}"));
  const Event start = pid1.expect(started("web"));
  EXPECT_EQ(start["uid"], "4999");
  EXPECT_EQ(start["gid"], "4998");
}

// What OpenShift does: a number of its choice for pid1, and the image names the same one.
TEST(User, MayBePid1sOwnWherePid1HasNoRights) {
  Pid1 pid1(Container{.config = "services: {web: {command: probe web, user: \"64321:64321\"}}",
                      .restrictions = {Restriction::no_capabilities, Restriction::no_new_privs},
                      .user = 64321});
  EXPECT_EQ(pid1.expect(started("web"))["uid"], "64321");
}

TEST(User, OfTheEnvironmentWinsOverTheAccounts) {
  Pid1 pid1(
      with_accounts("services: {web: {command: probe web env=HOME, user: web, environment: {HOME: "
                    "/elsewhere}}}"));
  pid1.expect(variable("web", "HOME", "/elsewhere"));
}

}  // namespace

}  // namespace pid1::testing
