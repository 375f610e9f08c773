#include "config/paths.h"

#include <gtest/gtest.h>

namespace pid1::config {
namespace {

TEST(ResolvedPath, StartsAtTheFolderOfTheFileThatNamesIt) {
  EXPECT_EQ(resolve_path("web.env", "/etc/pid1.yaml"), "/etc/web.env");
  EXPECT_EQ(resolve_path("../web.env", "/etc/pid1/a.yaml"), "/etc/pid1/../web.env");
  EXPECT_EQ(resolve_path("web.env", "pid1.yaml"), "web.env");
  EXPECT_EQ(resolve_path("web.env", "conf/pid1.yaml"), "conf/web.env");
  EXPECT_EQ(resolve_path("web.env", "/pid1.yaml"), "/web.env");
}

TEST(ResolvedPath, IsAnAbsoluteOneAsItIs) {
  EXPECT_EQ(resolve_path("/run/web.env", "/etc/pid1.yaml"), "/run/web.env");
}

TEST(NormalizedPath, LeavesOutWhatLeadsNowhere) {
  EXPECT_EQ(normalize_path("/etc//pid1/./a.yaml"), "/etc/pid1/a.yaml");
  EXPECT_EQ(normalize_path("/etc/pid1/../a.yaml"), "/etc/a.yaml");
  EXPECT_EQ(normalize_path("./a/b/../../c"), "c");
  EXPECT_EQ(normalize_path("a/.."), ".");
  EXPECT_EQ(normalize_path(""), ".");
}

TEST(NormalizedPath, KeepsWhatLeadsOutOfARelativeOne) {
  EXPECT_EQ(normalize_path("../a"), "../a");
  EXPECT_EQ(normalize_path("a/../../b"), "../b");
  EXPECT_EQ(normalize_path("../../b"), "../../b");
}

TEST(NormalizedPath, DoesNotLeadOutOfTheRoot) {
  EXPECT_EQ(normalize_path("/../a"), "/a");
  EXPECT_EQ(normalize_path("/"), "/");
}

}  // namespace
}  // namespace pid1::config
