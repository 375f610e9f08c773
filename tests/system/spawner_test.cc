#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::status_value;

constexpr std::uint32_t nobody = 65534;

class AChild : public testing::SpawnerFixture {};

INSTANTIATE_TEST_SUITE_P(Methods, AChild, testing::both_methods(), testing::method_name);

std::string hex(SignalSet set) {
  char text[17];
  snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(set));
  return text;
}

TEST_P(AChild, HasTheArgumentsAndTheEnvironmentOfTheRequestAndNothingElse) {
  EXPECT_EQ(output({"sh", "-c", "echo \"$0 $1 $GREETING ${HOME-unset}\"", "a b", "*"}),
            "a b * hello unset\n");
}

TEST_P(AChild, LeadsASessionAndAGroupOfItsOwn) {
  const std::string status = status_of_child();
  EXPECT_EQ(status_value(status, "NSsid"), status_value(status, "Pid"));
  EXPECT_EQ(status_value(status, "NSpgid"), status_value(status, "Pid"));
}

TEST_P(AChild, HasTheInheritedMaskAndTheInheritedIgnoredSignals) {
  const SignalMask inherited = {.blocked = signal_bit(SIGUSR1) | signal_bit(32) | signal_bit(64),
                                .ignored = signal_bit(SIGHUP) | signal_bit(33)};
  in_child([&] {
    set_disposition(SIGTERM, Disposition::ignored);
    signal(SIGSEGV, [](int) {});
    set_blocked_signals(all_signals);
    const std::string status = status_of_child({}, inherited);
    EXPECT_EQ(status_value(status, "SigBlk"), hex(inherited.blocked));
    EXPECT_EQ(status_value(status, "SigIgn"), hex(inherited.ignored));
    EXPECT_EQ(status_value(status, "SigCgt"), hex(0));
  });
}

TEST_P(AChild, LeavesTheMaskAndDispositionsOfItsParentAlone) {
  in_child([&] {
    set_disposition(SIGTERM, Disposition::ignored);
    set_blocked_signals(signal_bit(SIGUSR2));
    status_of_child();
    EXPECT_EQ(disposition(SIGTERM), Disposition::ignored);
    EXPECT_EQ(blocked_signals(), signal_bit(SIGUSR2));
  });
}

TEST_P(AChild, HasTheUmaskAndTheWorkingDirectoryOfTheRequest) {
  EXPECT_EQ(output({"sh", "-c", "umask; pwd"}, {.working_dir = "/usr", .umask = 027}),
            "0027\n/usr\n");
}

TEST_P(AChild, KeepsUmaskAndWorkingDirectoryOfItsParentByDefault) {
  in_child([&] {
    umask(0123);
    ASSERT_EQ(chdir("/usr/bin"), 0);
    EXPECT_EQ(output({"sh", "-c", "umask; pwd"}), "0123\n/usr/bin\n");
  });
}

TEST_P(AChild, BecomesTheUserWithItsGroups) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  const Credentials credentials = {.uid = nobody, .gid = 100, .groups = {100, 7, 8}};
  const std::string status = status_of_child({.credentials = &credentials});
  EXPECT_EQ(status_value(status, "Uid"), "65534\t65534\t65534\t65534");
  EXPECT_EQ(status_value(status, "Gid"), "100\t100\t100\t100");
  EXPECT_EQ(status_value(status, "Groups"), "7 8 100");
  EXPECT_EQ(status_value(status, "CapEff"), "0000000000000000");
}

TEST_P(AChild, DropsTheGroupsOfRootForAUserWithoutAny) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  in_child([&] {
    const gid_t groups[] = {4, 5};
    ASSERT_EQ(setgroups(2, groups), 0);
    const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
    EXPECT_EQ(status_value(status_of_child({.credentials = &credentials}), "Groups"), "");
  });
}

TEST_P(AChild, LeavesItsParentDumpableWhenItBecomesAnotherUser) {
  ASSERT_EQ(geteuid(), 0U) << "only root may become another user";
  ASSERT_EQ(prctl(PR_GET_DUMPABLE), 1);
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  status_of_child({.credentials = &credentials});
  EXPECT_EQ(prctl(PR_GET_DUMPABLE), 1);
}

TEST_P(AChild, NeedsNoPrivilegeToStayWhoItIs) {
  in_child([&] {
    if (geteuid() == 0) {
      ASSERT_EQ(setgroups(0, nullptr), 0);
      ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
      ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
    }
    const Credentials credentials = {.uid = getuid(), .gid = getgid(), .groups = {getgid()}};
    const std::string status = status_of_child({.credentials = &credentials});
    EXPECT_NE(status_value(status, "Uid"), "(absent)");
  });
}

}  // namespace
}  // namespace pid1::system
