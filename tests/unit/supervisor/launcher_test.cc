#include "supervisor/launcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "supervisor/resource_number.h"
#include "tests/unit/supervisor/fake_system.h"

namespace pid1::supervisor {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// Keeps what it was asked for, copied: a request is borrowed.
class RecordingSystem final : public test::FakeSystem {
 public:
  std::vector<std::string> environment;
  std::vector<system::ResourceLimit> limits;
  std::vector<std::uint32_t> cpus;
  system::SpawnRequest request;

  system::SpawnResult spawn(const system::SpawnRequest& asked) override {
    for (char* const place : asked.pid_texts) std::strcpy(place, "4711");
    environment.assign(asked.environment.begin(), asked.environment.end() - 1);
    limits.assign(asked.limits.begin(), asked.limits.end());
    cpus.assign(asked.cpus.begin(), asked.cpus.end());
    request = asked;
    return FakeSystem::spawn(asked);
  }
};

class ALaunch : public ::testing::Test {
 protected:
  ALaunch() { spec_.argv = {"web"}; }

  std::vector<std::string> environment_of(const ProcessSpec& spec, const LaunchExtras& extras = {},
                                          const LaunchManner& manner = {}) {
    launch(spec, extras, manner);
    return kernel_.environment;
  }

  std::variant<std::int32_t, LaunchError> launch(const ProcessSpec& spec,
                                                 const LaunchExtras& extras = {},
                                                 const LaunchManner& manner = {}) {
    return Launcher(kernel_, inherited_.data(), manner).launch(spec, extras);
  }

  std::vector<const char*> inherited_ = {"PATH=/bin", "A=inherited", "B=inherited", nullptr};
  RecordingSystem kernel_;
  ProcessSpec spec_;
};

TEST_F(ALaunch, AsksForNothingThatTheSpecDoesNotSay) {
  launch(spec_);
  const system::SpawnRequest& request = kernel_.request;
  EXPECT_THAT(kernel_.limits, IsEmpty());
  EXPECT_THAT(kernel_.cpus, IsEmpty());
  EXPECT_EQ(request.credentials, nullptr);
  EXPECT_FALSE(request.umask || request.nice || request.oom_score_adj);
  EXPECT_EQ(request.privileges.add, 0U);
  EXPECT_EQ(request.privileges.drop, 0U);
  EXPECT_FALSE(request.privileges.no_new);
  EXPECT_EQ(request.cgroup, -1);
  EXPECT_EQ(request.passed.to, -1);
  EXPECT_TRUE(request.pid_texts.empty());
}

TEST_F(ALaunch, AsksForTheLimitsAndRightsOfTheSpec) {
  spec_.umask = 027;
  spec_.limits = {{LimitedResource::nofile, 100, 200}, {LimitedResource::core, 0, ~0ULL}};
  spec_.oom_score_adj = -500;
  spec_.nice = 5;
  spec_.cpus = {0, 3};
  spec_.privileges = {.add = 1, .drop = 6, .no_new = true};
  launch(spec_);
  const system::SpawnRequest& request = kernel_.request;
  EXPECT_EQ(request.umask, 027U);
  ASSERT_EQ(kernel_.limits.size(), 2U);
  EXPECT_EQ(kernel_.limits[0].resource, RLIMIT_NOFILE);
  EXPECT_EQ(kernel_.limits[0].soft, 100U);
  EXPECT_EQ(kernel_.limits[0].hard, 200U);
  EXPECT_EQ(kernel_.limits[1].resource, RLIMIT_CORE);
  EXPECT_EQ(kernel_.limits[1].hard, RLIM_INFINITY);
  EXPECT_EQ(request.oom_score_adj, -500);
  EXPECT_EQ(request.nice, 5);
  EXPECT_THAT(kernel_.cpus, ElementsAre(0U, 3U));
  EXPECT_EQ(request.privileges.add, 1U);
  EXPECT_EQ(request.privileges.drop, 6U);
  EXPECT_TRUE(request.privileges.no_new);
}

TEST_F(ALaunch, KeepsNothingOfTheOneBefore) {
  Launcher launcher(kernel_, inherited_.data());
  const EnvironmentChange extra = {"EXTRA", "1"};
  ProcessSpec limited = spec_;
  limited.limits = {{LimitedResource::nofile, 100, 200}};
  launcher.launch(limited, {.environment = {&extra, 1}, .pid_variable = "WATCHDOG_PID"});
  launcher.launch(spec_);
  EXPECT_THAT(kernel_.limits, IsEmpty());
  EXPECT_TRUE(kernel_.request.pid_texts.empty());
  EXPECT_THAT(kernel_.environment, ElementsAre("PATH=/bin", "A=inherited", "B=inherited"));
}

TEST_F(ALaunch, SetsExtraVariablesOverInheritedOnesAndUnderThoseOfTheSpec) {
  spec_.environment = {{"B", "spec"}, {"C", std::nullopt}};
  const std::vector<EnvironmentChange> extras = {
      {"A", "extra"}, {"B", "extra"}, {"C", "extra"}, {"D", "extra"}, {"PATH", std::nullopt}};
  EXPECT_THAT(environment_of(spec_, {.environment = extras}),
              ElementsAre("A=extra", "D=extra", "B=spec"));
}

TEST_F(ALaunch, SetsExtraVariablesOverThoseOfTheUser) {
  spec_.user = UserSpec{"12345", "12345"};
  const EnvironmentChange extra = {"HOME", "/extra"};
  const auto environment = environment_of(spec_, {.environment = {&extra, 1}});
  EXPECT_THAT(environment, AllOf(Contains("HOME=/extra"), Not(Contains("HOME=/"))));
  EXPECT_NE(kernel_.request.credentials, nullptr);
}

TEST_F(ALaunch, TellsTheProcessItsOwnPidInAVariable) {
  EXPECT_THAT(environment_of(spec_, {.pid_variable = "WATCHDOG_PID"}),
              Contains(::testing::StrEq("WATCHDOG_PID=4711")));
}

TEST_F(ALaunch, LeavesAVariableOfTheSpecAloneThatIsNamedForThePid) {
  spec_.environment = {{"WATCHDOG_PID", "mine"}};
  EXPECT_THAT(environment_of(spec_, {.pid_variable = "WATCHDOG_PID"}),
              ElementsAre("PATH=/bin", "A=inherited", "B=inherited", "WATCHDOG_PID=mine"));
}

TEST_F(ALaunch, TellsThePidInBothWhereSocketsArePassedOn) {
  inherited_ = {"LISTEN_PID=77", "LISTEN_FDS=1", nullptr};
  EXPECT_THAT(environment_of(spec_, {.pid_variable = "WATCHDOG_PID"}, {.sockets_for = 77}),
              ElementsAre("LISTEN_FDS=1", "WATCHDOG_PID=4711", "LISTEN_PID=4711"));
}

TEST_F(ALaunch, PassesNoSocketsOnThatWereForAnother) {
  inherited_ = {"LISTEN_PID=78", nullptr};
  EXPECT_THAT(environment_of(spec_, {}, {.sockets_for = 77}), ElementsAre("LISTEN_PID=78"));
  EXPECT_THAT(environment_of(spec_, {}, {}), ElementsAre("LISTEN_PID=78"));
}

TEST_F(ALaunch, PutsExtrasBeforeTheManner) {
  const LaunchManner manner = {.session = system::Session::own_group,
                               .terminal = 9,
                               .standard = {system::closed_descriptor, 11, 12}};
  launch(spec_, {}, manner);
  EXPECT_EQ(kernel_.request.session, system::Session::own_group);
  EXPECT_EQ(kernel_.request.terminal, 9);
  EXPECT_EQ(kernel_.request.stdin_fd, system::closed_descriptor);
  EXPECT_EQ(kernel_.request.stdout_fd, 11);
  launch(spec_,
         {.stdin_fd = 20,
          .stderr_fd = 22,
          .session = system::Session::own,
          .passed = {.from = 30, .to = 3},
          .cgroup = 40},
         manner);
  EXPECT_EQ(kernel_.request.session, system::Session::own);
  EXPECT_EQ(kernel_.request.terminal, 9);
  EXPECT_EQ(kernel_.request.stdin_fd, 20);
  EXPECT_EQ(kernel_.request.stdout_fd, 11);
  EXPECT_EQ(kernel_.request.stderr_fd, 22);
  EXPECT_EQ(kernel_.request.passed.from, 30);
  EXPECT_EQ(kernel_.request.passed.to, 3);
  EXPECT_EQ(kernel_.request.cgroup, 40);
}

TEST_F(ALaunch, ReadsFromNothingUnlessPid1sInputIsItsOwn) {
  launch(spec_);
  EXPECT_EQ(kernel_.request.stdin_fd, system::default_descriptor);
  launch(spec_, {.input = Input::own});
  EXPECT_EQ(kernel_.request.stdin_fd, 0);
  EXPECT_EQ(kernel_.request.terminal, -1);
  launch(spec_, {.input = Input::own, .stdin_fd = 20});
  EXPECT_EQ(kernel_.request.stdin_fd, 20);
}

TEST_F(ALaunch, HasTheTerminalThatItOwns) {
  launch(spec_, {.input = Input::terminal},
         {.owned_terminal = {.fd = 8, .session = system::Session::own_group}});
  EXPECT_EQ(kernel_.request.stdin_fd, 0);
  EXPECT_EQ(kernel_.request.terminal, 8);
  EXPECT_EQ(kernel_.request.session, system::Session::own_group);
}

TEST_F(ALaunch, ThatFailsSaysWhoseFaultItIs) {
  kernel_.spawn_errors = {{system::SpawnStep::process, EAGAIN},
                          {system::SpawnStep::limit, EPERM, RLIMIT_NOFILE}};
  EXPECT_EQ(std::get<LaunchError>(launch(spec_)).fault, SpawnFault::system);
  const auto refused = std::get<LaunchError>(launch(spec_));
  EXPECT_EQ(refused.fault, SpawnFault::service);
  EXPECT_EQ(refused.code, 126);
  EXPECT_TRUE(refused.message.starts_with("cannot set the limit nofile: ")) << refused.message;
}

TEST_F(ALaunch, OfAnUnknownUserNamesIt) {
  spec_.user = UserSpec{"no-such-user", std::nullopt};
  const auto error = std::get<LaunchError>(launch(spec_));
  EXPECT_NE(error.message.find("no-such-user"), std::string::npos);
  EXPECT_THAT(kernel_.spawned, IsEmpty());
}

TEST(AResource, HasTheNumberOfTheKernel) {
  for (const auto& [resource, number] : {
           std::pair{LimitedResource::address_space, RLIMIT_AS},
           std::pair{LimitedResource::core, RLIMIT_CORE},
           std::pair{LimitedResource::cpu, RLIMIT_CPU},
           std::pair{LimitedResource::data, RLIMIT_DATA},
           std::pair{LimitedResource::fsize, RLIMIT_FSIZE},
           std::pair{LimitedResource::locks, __RLIMIT_LOCKS},
           std::pair{LimitedResource::memlock, __RLIMIT_MEMLOCK},
           std::pair{LimitedResource::msgqueue, __RLIMIT_MSGQUEUE},
           std::pair{LimitedResource::nice, __RLIMIT_NICE},
           std::pair{LimitedResource::nofile, RLIMIT_NOFILE},
           std::pair{LimitedResource::nproc, __RLIMIT_NPROC},
           std::pair{LimitedResource::rss, __RLIMIT_RSS},
           std::pair{LimitedResource::rtprio, __RLIMIT_RTPRIO},
           std::pair{LimitedResource::rttime, __RLIMIT_RTTIME},
           std::pair{LimitedResource::sigpending, __RLIMIT_SIGPENDING},
           std::pair{LimitedResource::stack, RLIMIT_STACK},
       }) {
    EXPECT_EQ(resource_number(resource), static_cast<int>(number));
  }
}

}  // namespace
}  // namespace pid1::supervisor
