#include "services/capability_names.h"

#include <gtest/gtest.h>
#include <linux/capability.h>

#include <string>

namespace pid1 {
namespace {

TEST(CapabilityNames, HaveTheKernelsNumbers) {
  EXPECT_EQ(parse_capability("CHOWN"), CAP_CHOWN);
  EXPECT_EQ(parse_capability("SETUID"), CAP_SETUID);
  EXPECT_EQ(parse_capability("NET_BIND_SERVICE"), CAP_NET_BIND_SERVICE);
  EXPECT_EQ(parse_capability("SYS_ADMIN"), CAP_SYS_ADMIN);
  EXPECT_EQ(parse_capability("SYS_RESOURCE"), CAP_SYS_RESOURCE);
  EXPECT_EQ(parse_capability("SETFCAP"), CAP_SETFCAP);
  EXPECT_EQ(parse_capability("CHECKPOINT_RESTORE"), CAP_CHECKPOINT_RESTORE);
  EXPECT_EQ(capability_names().size(), CAP_LAST_CAP + 1u);
}

TEST(CapabilityNames, AreReadInAnyCaseWithOrWithoutTheirPrefix) {
  EXPECT_EQ(parse_capability("cap_kill"), CAP_KILL);
  EXPECT_EQ(parse_capability("Cap_Kill"), CAP_KILL);
  EXPECT_EQ(parse_capability("kill"), CAP_KILL);
}

TEST(CapabilityNames, AreNothingElse) {
  for (const char* text : {"", "CAP_", "CAP_CAP_KILL", "ALL", "5", "KILLS", "NET-ADMIN"}) {
    EXPECT_EQ(parse_capability(text), std::nullopt) << text;
  }
}

TEST(CapabilityNames, AreWrittenWithTheirPrefix) {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    EXPECT_EQ(parse_capability(capability_name(capability)), capability);
    EXPECT_EQ(capability_name(capability).rfind("CAP_", 0), 0u);
  }
  EXPECT_EQ(capability_name(63), "63");
  EXPECT_EQ(capability_name(-1), "-1");
}

}  // namespace
}  // namespace pid1
