#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace pid1::config {
namespace {

using testing::HasSubstr;

constexpr CapabilitySet kAll = ~CapabilitySet{0};

// capabilities(7).
constexpr CapabilitySet kChown = 1;
constexpr CapabilitySet kNetBindService = CapabilitySet{1} << 10;
constexpr CapabilitySet kMknod = CapabilitySet{1} << 27;

Privileges load_privileges(const std::string& keys) {
  return load_service("{command: a, " + keys + "}").process.privileges;
}

std::string refuse(const std::string& rest) {
  return load_bad("services:\n  web: {command: a, " + rest + "}\n");
}

TEST(Capabilities, AreNamedInAnyCaseWithOrWithoutTheirPrefix) {
  for (const char* name :
       {"NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE", "net_bind_service", "cap_Net_Bind_Service"}) {
    EXPECT_EQ(load_privileges("cap_add: [" + std::string(name) + "]").add, kNetBindService) << name;
    EXPECT_EQ(load_privileges("cap_drop: [" + std::string(name) + "]").drop, kNetBindService);
  }
  EXPECT_EQ(load_privileges("cap_drop: [CHOWN, MKNOD]").drop, kChown | kMknod);
}

TEST(Capabilities, MayAllBeAddedOrDropped) {
  EXPECT_EQ(load_privileges("cap_add: [ALL]"), (Privileges{kAll, 0, false}));
  EXPECT_EQ(load_privileges("cap_drop: [all]"), (Privileges{0, kAll, false}));
  EXPECT_EQ(load_privileges("cap_drop: [All], cap_add: [CHOWN]"),
            (Privileges{kChown, kAll, false}));
  EXPECT_EQ(load_privileges("cap_add: [ALL], cap_drop: [CHOWN]"),
            (Privileges{kAll & ~kChown, kChown, false}));
}

TEST(Capabilities, AreNotAddedAndDropped) {
  EXPECT_EQ(refuse("cap_add: [CHOWN, KILL], cap_drop: [KILL]"),
            "pid1.yaml:2:45: error: CAP_KILL is in `cap_add` and in `cap_drop`\n"
            "  web: {command: a, cap_add: [CHOWN, KILL], cap_drop: [KILL]}\n"
            "                                            ^\n"
            "hint: keep one of them\n");
  EXPECT_THAT(refuse("cap_add: [ALL], cap_drop: [ALL]"), HasSubstr("ALL is in `cap_add`"));
}

TEST(Capabilities, ThatAreUnknownAreErrorsThatNameTheOneThatWasMeant) {
  EXPECT_EQ(refuse("cap_add: [NET_BIND_SERVCE]"),
            "pid1.yaml:2:31: error: expected the name of a capability, or ALL\n"
            "  web: {command: a, cap_add: [NET_BIND_SERVCE]}\n"
            "                              ^\n"
            "hint: did you mean `NET_BIND_SERVICE`?\n");
  EXPECT_THAT(refuse("cap_drop: [CAP_KILLL]"), HasSubstr("did you mean `KILL`?"));
  EXPECT_THAT(refuse("cap_drop: [whatever_this_is]"), HasSubstr("capabilities(7) lists them"));
}

TEST(SecurityOpt, IsNoNewPrivilegesAlone) {
  EXPECT_FALSE(load_privileges("type: simple").no_new);
  for (const char* option :
       {"no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"}) {
    EXPECT_TRUE(load_privileges("security_opt: [\"" + std::string(option) + "\"]").no_new);
  }
  EXPECT_FALSE(load_privileges("security_opt: [\"no-new-privileges:false\"]").no_new);
}

TEST(SecurityOpt, IsRefusedWhereItIsTheContainers) {
  EXPECT_EQ(refuse("security_opt: [seccomp=unconfined]"),
            "pid1.yaml:2:36: error: `seccomp=unconfined` is set on the container, not inside it\n"
            "  web: {command: a, security_opt: [seccomp=unconfined]}\n"
            "                                   ^\n"
            "hint: remove it here; it belongs where the container is started\n");
  EXPECT_THAT(refuse("security_opt: [\"label:disable\"]"), HasSubstr("is set on the container"));
  EXPECT_THAT(refuse("security_opt: [no-new-privilege]"),
              HasSubstr("did you mean `no-new-privileges`?"));
  EXPECT_THAT(refuse("security_opt: [\"no-new-privileges:yes\"]"),
              HasSubstr("expected no-new-privileges"));
}

}  // namespace
}  // namespace pid1::config
