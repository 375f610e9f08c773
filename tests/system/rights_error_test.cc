#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "supervisor/system/limits.h"
#include "supervisor/system/spawn_error.h"
#include "supervisor/system/spawner.h"
#include "tests/system/support.h"

// What a start says that asked for a limit or a right which pid1 can't give.
namespace pid1::system {
namespace {

using testing::in_child;
using testing::in_pid_namespace;
using testing::StringList;

constexpr std::uint32_t nobody = 65534;

std::string explain(SpawnRequest request) {
  Spawner spawner({});
  const StringList argv{"/bin/true"};
  const StringList environment{};
  request.argv = argv.span();
  request.environment = environment.span();
  const SpawnResult result = spawner.spawn(request);
  const auto* const error = std::get_if<SpawnError>(&result);
  return error == nullptr ? "it was started" : describe(*error, request);
}

void become_nobody() {
  if (geteuid() == 0) {
    ASSERT_EQ(setresgid(nobody, nobody, nobody), 0);
    ASSERT_EQ(setresuid(nobody, nobody, nobody), 0);
  }
  prctl(PR_SET_DUMPABLE, 1);
}

TEST(AnErrorAboutRights, NamesTheLimitAndTheCapability) {
  in_child([] {
    const struct rlimit own = {64, 64};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &own), 0);
    become_nobody();
    const ResourceLimit more = {.resource = RLIMIT_NOFILE, .soft = 64, .hard = 1024};
    EXPECT_EQ(explain({.limits = {&more, 1}}),
              "cannot raise the limit nofile to 1024: Operation not permitted; pid1 lacks "
              "CAP_SYS_RESOURCE, for it doesn't run as root");
  });
}

TEST(AnErrorAboutRights, NamesWhatNobodyMayRaise) {
  const std::uint64_t most = most_descriptors();
  const ResourceLimit more = {.resource = RLIMIT_NOFILE, .soft = 64, .hard = most + 1};
  EXPECT_EQ(explain({.limits = {&more, 1}}), "cannot raise the limit nofile to " +
                                                 std::to_string(most + 1) + ": the kernel allows " +
                                                 std::to_string(most) + " at most (fs.nr_open)");
}

TEST(AnErrorAboutRights, NamesThePriorityAndTheAdjustment) {
  in_child([] {
    const struct rlimit none = {0, 0};
    ASSERT_EQ(setrlimit(RLIMIT_NICE, &none), 0);
    become_nobody();
    EXPECT_EQ(explain({.nice = -5}),
              "cannot set nice to -5: Permission denied; pid1 lacks CAP_SYS_NICE, for it doesn't "
              "run as root");
    EXPECT_EQ(explain({.oom_score_adj = -1000}),
              "cannot set oom_score_adj to -1000: Permission denied; pid1 lacks "
              "CAP_SYS_RESOURCE, for it doesn't run as root");
  });
}

TEST(AnErrorAboutRights, SaysThatThereIsNoProc) {
  in_pid_namespace([] {
    ASSERT_EQ(umount2("/proc", MNT_DETACH), 0);
    ASSERT_EQ(mount("none", "/proc", "tmpfs", 0, nullptr), 0);
    EXPECT_EQ(explain({.oom_score_adj = 100}),
              "cannot set oom_score_adj to 100: there is no /proc of this PID namespace");
  });
}

TEST(AnErrorAboutRights, NamesTheProcessorsThatThereAre) {
  const std::uint32_t none = 8000;
  EXPECT_EQ(explain({.cpus = {&none, 1}}), "cannot run on the processors 8000: the container has " +
                                               number_ranges(available_cpus()));
}

TEST(AnErrorAboutRights, NamesTheCapabilitiesThatPid1Lacks) {
  in_child([] {
    become_nobody();
    const CapabilitySet wanted = CapabilitySet{1} << CAP_NET_ADMIN | CapabilitySet{1} << CAP_CHOWN;
    EXPECT_EQ(explain({.privileges = {.add = wanted}}),
              "cannot keep the capabilities CHOWN, NET_ADMIN, which pid1 itself doesn't have: "
              "Operation not permitted");
    EXPECT_EQ(explain({.privileges = {.drop = CapabilitySet{1} << CAP_MKNOD}}),
              "cannot drop the capability MKNOD: Operation not permitted; pid1 lacks CAP_SETPCAP, "
              "for it doesn't run as root");
  });
}

TEST(AnErrorAboutRights, TellsARootThatTheContainerCanBeGivenWhatIsMissing) {
  ASSERT_EQ(geteuid(), 0U) << "only root has any to lose";
  in_child([] {
    const Credentials other = {.uid = 1000, .gid = getgid(), .groups = {}};
    __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    const __user_cap_data_struct nothing[2] = {};
    ASSERT_EQ(syscall(SYS_capset, &header, nothing), 0);
    EXPECT_EQ(explain({.credentials = &other}),
              "cannot become user 1000: Operation not permitted; pid1 lacks CAP_SETUID: add it to "
              "the container (cap_add: [SETUID])");
  });
}

}  // namespace
}  // namespace pid1::system
