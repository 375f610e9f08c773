#include "supervisor/system/capabilities.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <unistd.h>

#include "tests/system/support.h"

namespace pid1::system {
namespace {

constexpr CapabilitySet all = ~CapabilitySet{0};
constexpr CapabilitySet kill_bit = CapabilitySet{1} << CAP_KILL;
constexpr CapabilitySet setpcap_bit = CapabilitySet{1} << CAP_SETPCAP;
constexpr CapabilitySet admin_bit = CapabilitySet{1} << CAP_SYS_ADMIN;
constexpr CapabilitySet docker = kill_bit | setpcap_bit;  // less than the kernel has

constexpr CapabilityState root = {.permitted = docker, .effective = docker, .bounding = docker};
constexpr CapabilityState user = {.bounding = docker};

TEST(Capabilities, OfAProcessThatAsksForNothingAreLeftAlone) {
  const CapabilityPlan plan = plan_capabilities(root, {.no_new = true}, {.from = 0, .to = 1000});
  EXPECT_FALSE(plan.sets);
  EXPECT_FALSE(plan.keeps_permitted);
  EXPECT_EQ(plan.unbound, 0U);
}

TEST(Capabilities, ThatArentThereNeedNotBeDropped) {
  EXPECT_EQ(plan_capabilities(root, {.drop = admin_bit}, {}).unbound, 0U);
  EXPECT_FALSE(plan_capabilities(root, {.drop = admin_bit}, {}).sets);
  EXPECT_FALSE(cannot_drop({}, {.drop = all}));
}

TEST(Capabilities, ThatAreInheritableAreDroppedTooForRootsExecRaisesThem) {
  CapabilityState own = root;
  own.inheritable = docker;
  EXPECT_EQ(plan_capabilities(own, {.drop = kill_bit}, {}).inheritable, setpcap_bit);
}

TEST(Capabilities, ThatAreAddedOutweighDroppedOnesButForAll) {
  EXPECT_EQ(plan_capabilities(root, {.add = kill_bit, .drop = all}, {}).unbound, setpcap_bit);
  EXPECT_EQ(plan_capabilities(root, {.add = all, .drop = kill_bit}, {}).unbound, kill_bit);
  EXPECT_EQ(plan_capabilities(root, {.add = all & ~kill_bit}, {.from = 0, .to = 1}).raised,
            setpcap_bit);
}

TEST(Capabilities, AreLackingWherePid1LacksThemItself) {
  EXPECT_EQ(lacking(root, kill_bit), 0U);
  EXPECT_EQ(lacking(root, kill_bit | admin_bit), admin_bit);
  EXPECT_EQ(lacking(user, kill_bit), kill_bit) << "it is in the bounding set only";
  EXPECT_EQ(lacking(root, all), 0U) << "ALL are all that pid1 has";
  EXPECT_EQ(lacking(root, all & ~kill_bit), 0U) << "so are all but some";
}

TEST(Capabilities, CannotBeDroppedWithoutSetpcapUnlessNothingCouldRegainThem) {
  EXPECT_FALSE(cannot_drop(root, {.drop = all}));
  EXPECT_TRUE(cannot_drop(user, {.drop = all}));
  EXPECT_FALSE(cannot_drop(user, {.drop = all, .no_new = true}));
  CapabilityState confined = user;
  confined.no_new_privileges = true;
  EXPECT_FALSE(cannot_drop(confined, {.drop = all}));
}

TEST(Capabilities, HaveTheNamesThatDockerGivesThem) {
  EXPECT_EQ(capability_name(CAP_CHOWN), "CHOWN");
  EXPECT_EQ(capability_name(CAP_SYS_RESOURCE), "SYS_RESOURCE");
  EXPECT_EQ(capability_name(CAP_CHECKPOINT_RESTORE), "CHECKPOINT_RESTORE");
  EXPECT_EQ(capability_name(63), "capability 63");
  EXPECT_EQ(capability_names(kill_bit | admin_bit), "KILL, SYS_ADMIN");
  EXPECT_EQ(capability_names(0), "");
}

TEST(Capabilities, OfThisProcessAreThoseThatTheKernelShows) {
  Spawner spawner({});
  const testing::StringList argv{"/bin/cat", "/proc/self/status"};
  const testing::StringList environment{};
  const std::string status =
      testing::output_of(spawner, {.argv = argv.span(), .environment = environment.span()});
  const auto shown = [&](const char* key) {
    return std::stoull(testing::status_value(status, key), nullptr, 16);
  };
  const CapabilityState own = own_capabilities();
  EXPECT_EQ(own.bounding, shown("CapBnd"));
  EXPECT_EQ(own.inheritable, shown("CapInh"));
  EXPECT_EQ(own.ambient, shown("CapAmb"));
  EXPECT_EQ(own.permitted, shown("CapPrm")) << "root's exec gives it all it may have";
  EXPECT_EQ(has_capability(CAP_KILL), (own.effective & kill_bit) != 0);
}

}  // namespace
}  // namespace pid1::system
