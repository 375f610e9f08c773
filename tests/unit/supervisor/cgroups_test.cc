#include "supervisor/cgroups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "supervisor/system/cgroup.h"
#include "supervisor/system/wait.h"
#include "tests/system/support.h"
#include "tests/system/test_cgroup.h"

namespace pid1::supervisor {
namespace {

using system::read_text;
using system::testing::in_child;
using system::testing::start_pausing;
using system::testing::TemporaryDirectory;
using system::testing::TestCgroup;
using system::testing::write_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr ServiceId kDb{0};
constexpr ServiceId kWeb{1};

ServiceSpec service(const std::string& name, std::vector<CgroupSetting> settings = {}) {
  ServiceSpec spec;
  spec.name = name;
  spec.process.argv = {name};
  spec.cgroup = std::move(settings);
  return spec;
}

Plan plan_of(std::vector<ServiceSpec> services) {
  return std::get<Plan>(Plan::create(std::move(services)));
}

CgroupFacts facts_of(const std::string& path, const std::string& name = "/") {
  CgroupFacts facts;
  facts.own.path = path;
  facts.own.name = name;
  return facts;
}

void enter(const Cgroups& cgroups, ServiceId id) {
  system::testing::enter_cgroup("/proc/self/fd/" + std::to_string(cgroups.open(id).release()));
}

TEST(EachService, HasACgroupOfItsOwnWithoutAskingForIt) {
  const TestCgroup ours;
  Cgroups cgroups;
  EXPECT_THAT(
      cgroups.prepare(plan_of({service("db"), service("web")}), facts_of(ours.path(), ours.name())),
      IsEmpty());
  const pid_t pid = start_pausing([&] { enter(cgroups, kWeb); });
  EXPECT_EQ(cgroups.owner_of(pid), kWeb);
  EXPECT_EQ(cgroups.owner_of(getpid()), std::nullopt);
  EXPECT_THAT(cgroups.processes(kWeb), ElementsAre(pid));
  EXPECT_TRUE(cgroups.is_populated(kWeb));
  EXPECT_FALSE(cgroups.is_populated(kDb));
  cgroups.kill(kDb);
  cgroups.kill(kWeb);
  EXPECT_EQ(system::testing::await_any_end().pid, pid);
  EXPECT_FALSE(cgroups.is_populated(kWeb));
  cgroups.remove();
  EXPECT_FALSE(system::open_cgroup(ours.path() + "/web.service"));
}

TEST(EachService, OwnsWhatItsProcessesPutIntoCgroupsBelow) {
  const TestCgroup ours;
  Cgroups cgroups;
  cgroups.prepare(plan_of({service("db"), service("web")}), facts_of(ours.path(), ours.name()));
  const std::string below = ours.path() + "/db.service/below";
  ASSERT_EQ(system::make_cgroup(below), 0);
  const pid_t pid = start_pausing([&] { system::testing::enter_cgroup(below); });
  EXPECT_EQ(cgroups.owner_of(pid), kDb);
  EXPECT_THAT(cgroups.processes(kDb), ElementsAre(pid));
  kill(pid, SIGKILL);
  system::await_end(pid);
  EXPECT_EQ(cgroups.owner_of(pid), std::nullopt) << "it is gone";
}

TEST(EachService, OwnsItsProcessesInACgroupNamespaceToo) {
  const TestCgroup ours;
  const TemporaryDirectory directory;
  system::testing::in_container(ours.path(), directory.path(), [&] {
    Cgroups cgroups;
    ASSERT_THAT(cgroups.prepare(plan_of({service("db"), service("web")}), cgroup_facts()),
                IsEmpty());
    const pid_t pid = start_pausing([&] { enter(cgroups, kDb); });
    EXPECT_EQ(cgroups.owner_of(pid), kDb);
    EXPECT_EQ(cgroups.owner_of(getpid()), std::nullopt);
    cgroups.kill(kDb);
    system::await_end(pid);
    cgroups.remove();
    EXPECT_FALSE(system::open_cgroup(directory / "db.service"));
  });
}

TEST(EachService, HasNoneWherePid1CannotDivideItsOwn) {
  Cgroups cgroups;
  CgroupFacts facts;
  facts.own.obstacle = "/sys/fs/cgroup is read-only";
  EXPECT_THAT(cgroups.prepare(plan_of({service("db")}), facts), IsEmpty());
  EXPECT_FALSE(cgroups.has(kDb));
  EXPECT_FALSE(cgroups.open(kDb));
  EXPECT_FALSE(cgroups.is_populated(kDb));
  EXPECT_THAT(cgroups.processes(kDb), IsEmpty());
  EXPECT_EQ(cgroups.owner_of(getpid()), std::nullopt);
  EXPECT_EQ(cgroups.oom_kills(kDb), 0U);
  cgroups.kill(kDb);
  cgroups.remove();
}

TEST(EachService, HasNoneWhereItCannotBeMadeAndStartsAllTheSame) {
  const TestCgroup ours;
  ASSERT_EQ(system::write_cgroup(ours.path(), "cgroup.max.descendants", "1"), 0);
  Cgroups cgroups;
  const auto facts = facts_of(ours.path(), ours.name());
  EXPECT_THAT(cgroups.prepare(plan_of({service("db"), service("web")}), facts), IsEmpty());
  EXPECT_TRUE(cgroups.has(kDb));
  EXPECT_FALSE(cgroups.has(kWeb));
  cgroups.remove();
}

TEST(ACgroupsName, IsThatOfTheServiceAndNoFileOfTheKernels) {
  EXPECT_EQ(cgroup_name("web-1"), "web-1.service");
  EXPECT_EQ(cgroup_name(".."), "...service");
  EXPECT_EQ(cgroup_name("cgroup.procs"), "cgroup.procs.service");
  EXPECT_EQ(cgroup_name("a/b\\c\nd"), "a\\x2fb\\x5cc\\x0ad.service");
}

TEST(ACgroupSetting, IsWrittenBeforeTheServiceStarts) {
  const TestCgroup ours;
  Cgroups cgroups;
  EXPECT_THAT(cgroups.prepare(plan_of({service("web", {{"cgroup.max.descendants", "7"}})}),
                              facts_of(ours.path())),
              IsEmpty());
  EXPECT_EQ(read_text(ours.path() + "/web.service/cgroup.max.descendants"), "7\n");
  cgroups.remove();
}

TEST(ACgroupSetting, ThatTheKernelRefusesIsAnErrorAndLeavesNothingBehind) {
  const TestCgroup ours;
  Cgroups cgroups;
  EXPECT_THAT(cgroups.prepare(plan_of({service("web", {{"cgroup.max.descendants", "many"}})}),
                              facts_of(ours.path())),
              ElementsAre("web: cgroup.max.descendants: cannot write many to "
                          "cgroup.max.descendants: Invalid argument"));
  EXPECT_FALSE(cgroups.has(ServiceId{0}));
  EXPECT_FALSE(system::open_cgroup(ours.path() + "/web.service"));
}

TEST(ACgroupSetting, IsAnErrorByItsKeyWherePid1CannotDivideItsOwn) {
  Cgroups cgroups;
  CgroupFacts facts;
  facts.own.obstacle = "/sys/fs/cgroup is read-only";
  const Plan plan =
      plan_of({service("db"), service("web", {{"memory.max", "1"}, {"pids.max", "9"}}),
               service("job", {{"cpu.max", "1 2"}})});
  EXPECT_THAT(cgroups.prepare(plan, facts),
              ElementsAre(StartsWith("web: mem_limit needs a cgroup v2 that pid1 may divide: "
                                     "/sys/fs/cgroup is read-only; "),
                          StartsWith("web: pids_limit needs "), StartsWith("job: cpus needs ")));
}

// Directories that look like a cgroup: the machine may have no controller to hand out.
class AContainersCgroup : public ::testing::Test {
 protected:
  AContainersCgroup() {
    write_file(root_ / "cgroup.type", "domain\n");
    write_file(root_ / "cgroup.controllers", "cpu memory pids\n");
    write_file(root_ / "cgroup.subtree_control", "cpu\n");
    write_file(root_ / "cgroup.procs", "11\n");
    make("pid1.init", {"cgroup.procs"});
    make("web.service", {"memory.max", "memory.swap.max", "pids.max", "cpu.weight"});
  }

  void make(const std::string& name, const std::vector<std::string>& files) {
    ASSERT_EQ(mkdir((root_ / name).c_str(), 0755), 0);
    for (const std::string& file : files) write_file(root_ / (name + "/" + file), "");
  }

  std::vector<std::string> prepare(std::vector<CgroupSetting> settings) {
    return cgroups_.prepare(plan_of({service("web", std::move(settings))}), facts_of(root_.path()));
  }

  std::string text_of(const std::string& file) const { return read_text(root_ / file); }

  const TemporaryDirectory root_;
  Cgroups cgroups_;
};

TEST_F(AContainersCgroup, HandsOutTheControllersThatAreNeededAndWereNotHandedOut) {
  EXPECT_THAT(prepare({{"memory.max", "64"},
                       {"memory.swap.max", "0"},
                       {"pids.max", "9"},
                       {"cpu.weight", "50"}}),
              IsEmpty());
  EXPECT_EQ(text_of("cgroup.subtree_control"), "+memory +pids");
  EXPECT_EQ(text_of("web.service/memory.max"), "64");
  EXPECT_EQ(text_of("web.service/memory.swap.max"), "0");
  EXPECT_EQ(text_of("web.service/pids.max"), "9");
  EXPECT_EQ(text_of("web.service/cpu.weight"), "50");
}

TEST_F(AContainersCgroup, IsLeftByPid1OnlyToHandControllersOut) {
  EXPECT_THAT(prepare({}), IsEmpty());
  EXPECT_EQ(text_of("pid1.init/cgroup.procs"), "");
  EXPECT_THAT(prepare({{"pids.max", "9"}}), IsEmpty());
  EXPECT_EQ(text_of("pid1.init/cgroup.procs"), "0");
}

TEST_F(AContainersCgroup, IsLeftByAllThatTheEngineStartedInIt) {
  CgroupFacts facts = facts_of(root_.path());
  facts.own.is_containers = true;
  EXPECT_THAT(cgroups_.prepare(plan_of({service("web", {{"pids.max", "9"}})}), facts), IsEmpty());
  EXPECT_EQ(text_of("pid1.init/cgroup.procs"), "11") << "the last one written";
}

TEST_F(AContainersCgroup, GetsItsControllersAndPid1BackAtTheEnd) {
  prepare({{"pids.max", "9"}});
  write_file(root_ / "cgroup.procs", "");
  cgroups_.remove();
  EXPECT_THAT(text_of("cgroup.subtree_control"), StartsWith("-pids"));
  EXPECT_EQ(text_of("cgroup.procs"), "0");
}

TEST_F(AContainersCgroup, HasNoControllerButThoseOfTheEngine) {
  EXPECT_THAT(
      prepare({{"io.max", "8:0 rbps=1"}}),
      ElementsAre("web: io.max needs the controller io, which pid1's cgroup doesn't have (it "
                  "has cpu memory pids); set it on the container"));
  EXPECT_EQ(text_of("pid1.init/cgroup.procs"), "") << "pid1 stays";
  write_file(root_ / "cgroup.controllers", "\n");
  EXPECT_THAT(prepare({{"memory.max", "1"}}), ElementsAre(HasSubstr("(it has none)")));
}

TEST_F(AContainersCgroup, CountsTheOomKillsOfAServiceElseThoseOfTheContainer) {
  CgroupFacts facts = facts_of(root_.path());
  facts.oom_counter = root_ / "memory.events";
  write_file(facts.oom_counter, "oom 9\noom_kill 5\n");
  EXPECT_THAT(cgroups_.prepare(plan_of({service("web")}), facts), IsEmpty());
  const ServiceId web{0};
  EXPECT_EQ(cgroups_.oom_kills(web), 5U);
  EXPECT_FALSE(cgroups_.counts_own_oom_kills(web));
  write_file(root_ / "web.service/memory.events", "oom 1\noom_kill 2\n");
  EXPECT_EQ(cgroups_.oom_kills(web), 2U);
  EXPECT_TRUE(cgroups_.counts_own_oom_kills(web));
}

TEST(TheOomCounterOfAContainer, IsReadWithoutCgroupsOfTheServicesToo) {
  const TemporaryDirectory directory;
  write_file(directory / "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n");
  CgroupFacts facts;
  facts.oom_counter = directory / "memory.oom_control";
  Cgroups cgroups;
  cgroups.prepare(plan_of({service("web")}), facts);
  EXPECT_EQ(cgroups.oom_kills(ServiceId{0}), 4U);
}

}  // namespace
}  // namespace pid1::supervisor
