#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "supervisor/system/capabilities.h"
#include "tests/system/refuse.h"
#include "tests/system/spawner_fixture.h"

namespace pid1::system {
namespace {

using testing::in_child;
using testing::refuse_syscall;
using testing::status_value;
using testing::TemporaryDirectory;
using testing::write_file;

constexpr std::uint32_t nobody = 65534;
constexpr CapabilitySet all = ~CapabilitySet{0};

constexpr CapabilitySet set_of(std::initializer_list<int> capabilities) {
  CapabilitySet set = 0;
  for (const int capability : capabilities) set |= CapabilitySet{1} << capability;
  return set;
}

std::string hex(CapabilitySet set) {
  char text[17];
  snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(set));
  return text;
}

class ItsCapabilities : public testing::SpawnerFixture {
 protected:
  void SetUp() override { ASSERT_EQ(geteuid(), 0U) << "only root has any to give"; }

  void expect(const SpawnRequest& request, CapabilitySet effective, CapabilitySet bounding,
              CapabilitySet ambient) {
    const std::string status = status_of_child(request);
    EXPECT_EQ(status_value(status, "CapPrm"), hex(effective));
    EXPECT_EQ(status_value(status, "CapEff"), hex(effective));
    EXPECT_EQ(status_value(status, "CapBnd"), hex(bounding));
    EXPECT_EQ(status_value(status, "CapAmb"), hex(ambient));
  }

  const CapabilityState own_ = own_capabilities();
  const Credentials nobody_ = {.uid = nobody, .gid = nobody, .groups = {}};
};

INSTANTIATE_TEST_SUITE_P(Methods, ItsCapabilities, testing::both_methods(), testing::method_name);

void become(std::uint32_t user) {
  ASSERT_EQ(setresgid(user, user, user), 0);
  ASSERT_EQ(setresuid(user, user, user), 0);
}

// As a pid1 that an engine started as a user with ambient capabilities.
void become_with_ambient(std::uint32_t user, CapabilitySet set) {
  ASSERT_EQ(prctl(PR_SET_KEEPCAPS, 1), 0);
  become(user);
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const auto low = static_cast<std::uint32_t>(set);
  const __user_cap_data_struct data[2] = {{low, low, low}, {}};
  ASSERT_EQ(syscall(SYS_capset, &header, data), 0);
  for (int capability = 0; capability < 32; ++capability) {
    if ((set >> capability & 1) == 0) continue;
    ASSERT_EQ(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0), 0);
  }
}

TEST_P(ItsCapabilities, AreAllOfItsParentsAsRoot) { expect({}, own_.bounding, own_.bounding, 0); }

TEST_P(ItsCapabilities, AreWithoutWhatRootDrops) {
  const CapabilitySet left = own_.bounding & ~set_of({CAP_NET_RAW, CAP_MKNOD});
  expect({.privileges = {.drop = set_of({CAP_NET_RAW, CAP_MKNOD})}}, left, left, 0);
}

TEST_P(ItsCapabilities, AreOnlyThoseThatRootAddsAfterItDroppedAll) {
  const CapabilitySet kept = set_of({CAP_KILL, CAP_SETUID});
  expect({.privileges = {.add = kept, .drop = all}}, kept, kept, 0);
}

TEST_P(ItsCapabilities, AreNoneForAUserByDefault) {
  expect({.credentials = &nobody_}, 0, own_.bounding, 0);
}

TEST_P(ItsCapabilities, AreExactlyThoseThatAUserAdds) {
  const CapabilitySet added = set_of({CAP_NET_BIND_SERVICE, CAP_CHECKPOINT_RESTORE});
  expect({.credentials = &nobody_, .privileges = {.add = added}}, added, own_.bounding, added);
  expect({.credentials = &nobody_, .privileges = {.add = added, .drop = all}}, added, added, added);
}

TEST_P(ItsCapabilities, AreAllButTheDroppedOnesForAUserThatAddsAll) {
  const CapabilitySet left = own_.bounding & ~set_of({CAP_SYS_ADMIN});
  expect({.credentials = &nobody_, .privileges = {.add = all, .drop = set_of({CAP_SYS_ADMIN})}},
         left, left, left);
}

TEST_P(ItsCapabilities, CanBeUsedByAUser) {
  const TemporaryDirectory directory;
  write_file(directory / "file", "");
  output({"chown", "1234", directory / "file"},
         {.credentials = &nobody_, .privileges = {.add = set_of({CAP_CHOWN})}});
  struct stat status = {};
  ASSERT_EQ(stat((directory / "file").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 1234U);
}

TEST_P(ItsCapabilities, AreAlreadyTheirsAsItEntersItsDirectory) {
  const TemporaryDirectory directory;
  const std::string closed = directory / "closed";
  ASSERT_EQ(mkdir(closed.c_str(), 0700), 0);
  EXPECT_EQ(fail_to_spawn({"true"}, {.working_dir = closed.c_str(), .credentials = &nobody_}),
            (SpawnError{SpawnStep::working_dir, EACCES}));
  EXPECT_EQ(output({"pwd"}, {.working_dir = closed.c_str(),
                             .credentials = &nobody_,
                             .privileges = {.add = set_of({CAP_DAC_READ_SEARCH})}}),
            closed + "\n");
}

TEST_P(ItsCapabilities, LeaveThoseOfItsParentAlone) {
  expect({.credentials = &nobody_, .privileges = {.add = set_of({CAP_KILL}), .drop = all}},
         set_of({CAP_KILL}), set_of({CAP_KILL}), set_of({CAP_KILL}));
  const CapabilityState now = own_capabilities();
  EXPECT_EQ(now.permitted, own_.permitted);
  EXPECT_EQ(now.effective, own_.effective);
  EXPECT_EQ(now.inheritable, own_.inheritable);
  EXPECT_EQ(now.bounding, own_.bounding);
  EXPECT_EQ(now.securebits, own_.securebits);
}

TEST_P(ItsCapabilities, StayAmbientWhereItsParentHasThemSo) {
  in_child([&] {
    become_with_ambient(nobody, set_of({CAP_CHOWN, CAP_KILL}));
    const CapabilitySet both = set_of({CAP_CHOWN, CAP_KILL});
    expect({}, both, own_.bounding, both);
    // Without CAP_SETPCAP the bounding set stays: what is dropped is out of reach all the same.
    expect({.privileges = {.drop = set_of({CAP_CHOWN}), .no_new = true}}, set_of({CAP_KILL}),
           own_.bounding, set_of({CAP_KILL}));
  });
}

TEST_P(ItsCapabilities, CannotBeThoseThatItsParentLacks) {
  in_child([&] {
    become(nobody);
    EXPECT_EQ(fail_to_spawn({"true"}, {.privileges = {.add = set_of({CAP_NET_ADMIN})}}),
              (SpawnError{SpawnStep::capabilities, EPERM, -1}));
  });
}

TEST_P(ItsCapabilities, CannotBeDroppedForGoodWithoutTheRightTo) {
  in_child([&] {
    become(nobody);
    EXPECT_EQ(fail_to_spawn({"true"}, {.privileges = {.drop = set_of({CAP_MKNOD})}}),
              (SpawnError{SpawnStep::bounding_set, EPERM, CAP_MKNOD}));
    expect({.privileges = {.drop = all, .no_new = true}}, 0, own_.bounding, 0);
  });
}

TEST_P(ItsCapabilities, CannotBeAmbientWhereThatIsForbidden) {
  in_child([&] {
    ASSERT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE), 0);
    const CapabilitySet added = set_of({CAP_CHOWN});
    EXPECT_EQ(fail_to_spawn({"true"}, {.credentials = &nobody_, .privileges = {.add = added}}),
              (SpawnError{SpawnStep::capabilities, EPERM, CAP_CHOWN}));
  });
}

// A root without special rights (SECBIT_NOROOT) is a user like others.
TEST_P(ItsCapabilities, AreAmbientForARootWithoutSpecialRights) {
  in_child([&] {
    ASSERT_EQ(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT), 0);
    const CapabilitySet added = set_of({CAP_CHOWN});
    expect({.privileges = {.add = added}}, added, own_.bounding, added);
  });
}

TEST_P(ItsCapabilities, AreNotTouchedWhereNothingIsAskedFor) {
  in_child([&] {
    refuse_syscall(SYS_capset, EPERM);
    EXPECT_EQ(output({"echo", "alive"}, {.credentials = &nobody_}), "alive\n");
    EXPECT_EQ(fail_to_spawn({"true"}, {.privileges = {.drop = set_of({CAP_KILL})}}),
              (SpawnError{SpawnStep::capabilities, EPERM, -1}));
  });
}

class NoNewPrivileges : public testing::SpawnerFixture {};

INSTANTIATE_TEST_SUITE_P(Methods, NoNewPrivileges, testing::both_methods(), testing::method_name);

TEST_P(NoNewPrivileges, AreForTheChildAloneToGiveUp) {
  in_child([&] {
    EXPECT_EQ(status_value(status_of_child({.privileges = {.no_new = true}}), "NoNewPrivs"), "1");
    EXPECT_EQ(status_value(status_of_child(), "NoNewPrivs"), "0");
    EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
  });
}

TEST_P(NoNewPrivileges, KeepASetuidProgramFromGivingAny) {
  ASSERT_EQ(geteuid(), 0U) << "only root has any to give";
  const Credentials credentials = {.uid = nobody, .gid = nobody, .groups = {}};
  const TemporaryDirectory directory;
  const std::string id = directory / "id";
  ASSERT_EQ(output({"cp", "/usr/bin/id", id}), "");
  ASSERT_EQ(output({"chmod", "4755", id}), "");
  EXPECT_EQ(output({id, "-u"}, {.credentials = &credentials}), "0\n");
  EXPECT_EQ(output({id, "-u"}, {.credentials = &credentials, .privileges = {.no_new = true}}),
            "65534\n");
}

TEST_P(NoNewPrivileges, AreAStepOfTheirOwn) {
  in_child([&] {
    refuse_syscall(SYS_prctl, ENOSYS);
    EXPECT_EQ(fail_to_spawn({"true"}, {.privileges = {.no_new = true}}),
              (SpawnError{SpawnStep::no_new_privileges, ENOSYS}));
  });
}

}  // namespace
}  // namespace pid1::system
