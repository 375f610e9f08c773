#include "supervisor/rights_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/resource.h>

#include "services/capability_names.h"

namespace pid1::supervisor {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr CapabilitySet bit(int capability) { return CapabilitySet{1} << capability; }

// As Docker starts a container, roughly.
OwnRights docker() {
  constexpr CapabilitySet given = bit(CAP_CHOWN) | bit(CAP_KILL) | bit(CAP_SETPCAP);
  OwnRights own;
  own.capabilities = {.permitted = given, .effective = given, .bounding = given};
  own.limits.limits.assign(RLIM_NLIMITS, {RLIM_INFINITY, RLIM_INFINITY});
  own.limits.limits[RLIMIT_NOFILE] = {1024, 4096};
  own.limits.limits[RLIMIT_NICE] = {0, 0};
  own.limits.most_descriptors = 1048576;
  own.limits.cpus = {0, 1};
  return own;
}

OwnRights docker_as_user() {
  OwnRights own = docker();
  own.credentials = {.uid = 1000, .gid = 1000};
  own.capabilities.permitted = own.capabilities.effective = 0;
  return own;
}

class MissingRights : public ::testing::Test {
 protected:
  MissingRights() {
    service_.name = "web";
    service_.process.argv = {"web"};
  }

  std::vector<std::string> found(const OwnRights& own = docker()) const {
    return find_missing_rights(std::get<Plan>(Plan::create({service_})), own);
  }

  ServiceSpec service_;
  ProcessSpec& process_ = service_.process;
};

TEST_F(MissingRights, AreNoneWhereNothingIsAskedFor) {
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(found(docker_as_user()), IsEmpty());
}

TEST_F(MissingRights, AreNoneWherePid1HasWhatIsAskedFor) {
  process_.privileges = {.add = bit(CAP_KILL), .drop = ~CapabilitySet{0}, .no_new = true};
  process_.limits = {{LimitedResource::nofile, 4096, 4096}, {LimitedResource::core, 0, ~0ULL}};
  process_.nice = 5;
  process_.cpus = {1};
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(MissingRights, AreCapabilitiesThatTheContainerLacks) {
  process_.privileges.add = bit(CAP_KILL) | bit(CAP_NET_ADMIN) | bit(CAP_SYS_TIME);
  EXPECT_THAT(found(), ElementsAre("web: cap_add: pid1 itself doesn't have NET_ADMIN, SYS_TIME: "
                                   "give it to the container (cap_add: [NET_ADMIN, SYS_TIME])"));
}

TEST_F(MissingRights, AreAllCapabilitiesForAnUnprivilegedPid1) {
  process_.privileges.add = bit(CAP_KILL);
  EXPECT_THAT(
      found(docker_as_user()),
      ElementsAre("web: cap_add: pid1 itself doesn't have KILL: pid1 runs as user 1000; let "
                  "it run as root, and give the service a `user`"));
}

TEST_F(MissingRights, KeepAnUnprivilegedPid1FromDroppingUnlessNoneCanBeRegained) {
  process_.privileges.drop = ~CapabilitySet{0};
  EXPECT_THAT(found(docker_as_user()),
              ElementsAre("web: cap_drop: pid1 lacks SETPCAP, which that takes: drop them from the "
                          "container, or add `security_opt: [no-new-privileges]` to the service"));
  process_.privileges.no_new = true;
  EXPECT_THAT(found(docker_as_user()), IsEmpty());
}

TEST_F(MissingRights, AreLimitsAbovePid1sOwn) {
  process_.limits = {{LimitedResource::nofile, 1024, 65536}};
  EXPECT_THAT(found(),
              ElementsAre("web: ulimits: nofile can't be 65536: pid1's own is 4096, and it "
                          "lacks SYS_RESOURCE: raise that of the container (docker run "
                          "--ulimit nofile=65536)"));
  OwnRights own = docker();
  own.capabilities.effective |= bit(CAP_SYS_RESOURCE);
  EXPECT_THAT(found(own), IsEmpty());
}

TEST_F(MissingRights, AreLimitsThatTheKernelGivesNobody) {
  process_.limits = {{LimitedResource::nofile, 1024, ~0ULL}};
  OwnRights own = docker();
  own.capabilities.effective |= bit(CAP_SYS_RESOURCE);
  EXPECT_THAT(found(own), ElementsAre("web: ulimits: nofile can't be unlimited: the kernel allows "
                                      "1048576 at most (fs.nr_open)"));
}

TEST_F(MissingRights, AreAPriorityAbovePid1sOwn) {
  process_.nice = -5;
  EXPECT_THAT(found(), ElementsAre("web: nice: -5 is below pid1's own 0, and it lacks SYS_NICE: "
                                   "give it to the container (cap_add: [SYS_NICE])"));
  OwnRights own = docker();
  own.limits.limits[RLIMIT_NICE] = {25, 25};
  EXPECT_THAT(found(own), IsEmpty()) << "RLIMIT_NICE allows it";
  own.limits.limits[RLIMIT_NICE] = {24, 24};
  EXPECT_THAT(found(own), ::testing::SizeIs(1));
  process_.limits = {{LimitedResource::nice, 0, 0}};
  own.limits.limits[RLIMIT_NICE] = {40, 40};
  EXPECT_THAT(found(own), ::testing::SizeIs(1)) << "the service's own limit is set before";
  own.capabilities.effective |= bit(CAP_SYS_NICE);
  EXPECT_THAT(found(own), IsEmpty());
}

TEST_F(MissingRights, AreAnotherUserForAnUnprivilegedPid1) {
  process_.user = UserSpec{"4711", "4711"};
  EXPECT_THAT(found(docker_as_user()),
              ElementsAre("web: user: can't become 4711: pid1 itself doesn't have SETGID, SETUID: "
                          "pid1 runs as user 1000; let it run as root, and give the service a "
                          "`user`"));
  EXPECT_THAT(found(), ElementsAre("web: user: can't become 4711: pid1 itself doesn't have SETGID, "
                                   "SETUID: give it to the container (cap_add: [SETGID, SETUID])"));
  OwnRights own = docker();
  own.capabilities.effective |= bit(CAP_SETGID) | bit(CAP_SETUID);
  EXPECT_THAT(found(own), IsEmpty());
}

TEST_F(MissingRights, AreNoneForTheUserThatPid1IsAlready) {
  process_.user = UserSpec{"1000", "1000"};
  EXPECT_THAT(found(docker_as_user()), IsEmpty());
  process_.group_add = {"1000"};
  EXPECT_THAT(found(docker_as_user()), IsEmpty()) << "it is in that group as it is";
  process_.group_add = {"1001"};
  EXPECT_THAT(found(docker_as_user()), ElementsAre(::testing::HasSubstr("have SETGID: ")));
}

TEST_F(MissingRights, AreGroupsThatPid1CannotJoin) {
  process_.group_add = {"1001"};
  EXPECT_THAT(found(docker_as_user()),
              ElementsAre(::testing::HasSubstr("web: group_add: can't join other groups")));
}

TEST_F(MissingRights, AreNotToldOfAUserThatMayBeMadeLater) {
  process_.user = UserSpec{"made-by-a-hook-later", {}};
  EXPECT_THAT(found(docker_as_user()), IsEmpty());
}

TEST_F(MissingRights, AreAScoreBelowThatOfTheContainer) {
  OwnRights own = docker();
  own.least_oom_score_adj = 0;
  process_.oom_score_adj = 0;
  EXPECT_THAT(found(own), IsEmpty());
  process_.oom_score_adj = -500;
  EXPECT_THAT(found(own),
              ElementsAre("web: oom_score_adj: -500 is below what pid1 may give, 0, and it lacks "
                          "SYS_RESOURCE: give it to the container (cap_add: [SYS_RESOURCE])"));
  own.capabilities.effective |= bit(CAP_SYS_RESOURCE);
  EXPECT_THAT(found(own), IsEmpty());
}

TEST_F(MissingRights, AreProcessorsThatAreNotThere) {
  process_.cpus = {0, 1, 2, 3};
  EXPECT_THAT(found(),
              ElementsAre("web: cpuset: there is no processor 2-3 in this container, which "
                          "has 0-1"));
}

TEST_F(MissingRights, AreFoundInHooksAndProbesToo) {
  ProcessSpec helper;
  helper.argv = {"helper"};
  helper.privileges.add = bit(CAP_NET_ADMIN);
  service_.hooks.pre_start = {helper};
  EXPECT_THAT(found(), ::testing::SizeIs(1));
  service_.hooks = {};
  service_.health.emplace().probe = helper;
  EXPECT_THAT(found(), ::testing::SizeIs(1));
  service_.health.reset();
  service_.reload.command = helper;
  EXPECT_THAT(found(), ::testing::SizeIs(1));
}

TEST_F(MissingRights, AreToldAllAtOnceAndEachOnce) {
  process_.privileges.add = bit(CAP_NET_ADMIN);
  process_.cpus = {7};
  service_.hooks.post_stop = {process_, process_};
  EXPECT_THAT(found(), ::testing::SizeIs(2));
}

// The kernel's layer and the configuration each have a table.
TEST(Capabilities, HaveTheSameNamesInErrorsAsInTheConfiguration) {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    EXPECT_EQ(parse_capability(system::capability_name(capability)), capability);
  }
}

TEST_F(MissingRights, OfThisProcessAreThoseThatItLacks) {
  const Plan nothing_asked = std::get<Plan>(Plan::create({service_}));
  EXPECT_THAT(find_missing_rights(nothing_asked), IsEmpty());
  process_.privileges.add = CapabilitySet{1} << 62;
  EXPECT_THAT(find_missing_rights(std::get<Plan>(Plan::create({service_}))),
              ElementsAre(::testing::HasSubstr("doesn't have capability 62")));
}

}  // namespace
}  // namespace pid1::supervisor
