#include "supervisor/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

#include "supervisor/system/signals.h"
#include "tests/unit/supervisor/fake_system.h"

namespace pid1::supervisor {
namespace {

using test::FakeSystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Captured final : public LogOutput {
 public:
  explicit Captured(std::string& text) : text_(text) {}
  std::size_t write(std::string_view bytes) override {
    text_ += bytes;
    return bytes.size();
  }

 private:
  std::string& text_;
};

ServiceSpec service(const std::string& name) {
  ServiceSpec spec;
  spec.name = name;
  spec.process.argv = {name};
  spec.logging.driver = LogDriver::inherit;
  spec.orphans = OrphanPolicy::adopt;  // nobody is to look for them in the real /proc
  return spec;
}

// One engine over one fake kernel. Signals are blocked for good: the engine reads them.
class EngineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { system::block_async_signals(); }

  int run(std::vector<ServiceSpec> services, ContainerSpec container = {}) {
    const Plan plan = std::get<Plan>(Plan::create(std::move(services), std::move(container)));
    Log log{std::make_unique<Captured>(text), level};
    static const char* const kEnvironment[] = {"PATH=/bin", nullptr};
    Engine engine{plan, kernel, signals, log, {.environment = kEnvironment, .termination_log = ""}};
    return engine.run();
  }

  // How often it was said.
  int count(const std::string& words) const {
    int times = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
      ++times;
    }
    return times;
  }

  system::SignalFd signals;
  FakeSystem kernel;
  LogLevel level = LogLevel::debug;
  std::string text;
};

TEST_F(EngineTest, EndsWithTheCodeOfAServiceThatFailedForGood) {
  ServiceSpec web = service("web");
  web.restart.condition = RestartCondition::never;
  kernel.on_spawn = [&](const std::string&, std::int32_t pid) { kernel.end(pid, 3); };
  EXPECT_EQ(run({web}), 3);
  EXPECT_THAT(text, HasSubstr("stopped: web failed: it exited with code 3"));
}

TEST_F(EngineTest, TriesAgainWithoutCountingWhereTheSystemHasNoResources) {
  ServiceSpec web = service("web");
  web.restart.condition = RestartCondition::never;  // a counted attempt would end it
  kernel.spawn_errors = {{system::SpawnStep::process, EAGAIN},
                         {system::SpawnStep::process, ENOMEM},
                         {system::SpawnStep::descriptors, EMFILE}};
  kernel.on_spawn = [](const std::string&, std::int32_t) { raise(SIGTERM); };
  EXPECT_EQ(run({web}), 0);
  EXPECT_EQ(kernel.spawned.size(), 4u);
  EXPECT_THAT(text, HasSubstr("web: started"));
}

TEST_F(EngineTest, SaysOnceThatThereAreNoResources) {
  kernel.spawn_errors = {{system::SpawnStep::process, EAGAIN},
                         {system::SpawnStep::process, EAGAIN}};
  kernel.on_spawn = [](const std::string&, std::int32_t) { raise(SIGTERM); };
  level = LogLevel::warning;
  EXPECT_EQ(run({service("web")}), 0);
  EXPECT_EQ(count("trying again"), 1) << text;
}

TEST_F(EngineTest, StopsADependencyAfterItsDependent) {
  ServiceSpec web = service("web");
  web.depends_on = {{.service = "db"}};
  kernel.on_spawn = [](const std::string& program, std::int32_t) {
    if (program == "web") raise(SIGTERM);
  };
  EXPECT_EQ(run({web, service("db")}), 0);
  EXPECT_THAT(kernel.spawned, ElementsAre("db", "web"));
  EXPECT_THAT(kernel.sent, ElementsAre(FakeSystem::Sent{3, SIGTERM}, FakeSystem::Sent{3, SIGCONT},
                                       FakeSystem::Sent{2, SIGTERM}, FakeSystem::Sent{2, SIGCONT}));
}

TEST_F(EngineTest, KillsTheGroupOfAServiceThatIgnoresItsStopSignal) {
  ServiceSpec web = service("web");
  web.stop.grace = std::chrono::milliseconds(5);
  kernel.deaf = {"web"};
  kernel.on_spawn = [](const std::string&, std::int32_t) { raise(SIGTERM); };
  EXPECT_EQ(run({web}), 0);
  EXPECT_THAT(kernel.sent, Contains(FakeSystem::Sent{-2, SIGKILL}));
}

TEST_F(EngineTest, KillsEverythingAtASecondInterrupt) {
  kernel.deaf = {"web"};
  kernel.on_spawn = [](const std::string&, std::int32_t) { raise(SIGINT); };
  kernel.on_signal = [](int signo) {
    if (signo == SIGTERM) raise(SIGINT);
  };
  EXPECT_EQ(run({service("web")}), 0);
  EXPECT_THAT(kernel.sent, Contains(FakeSystem::Sent{-2, SIGKILL}));
  EXPECT_THAT(text, HasSubstr("by force"));
}

TEST_F(EngineTest, WaitsForTheRestOfAGroupBeforeARestart) {
  ServiceSpec web = service("web");
  web.restart.delay = Duration::zero();
  kernel.on_spawn = [&](const std::string&, std::int32_t pid) {
    if (kernel.spawned.size() > 1) {
      EXPECT_THAT(kernel.sent, Contains(FakeSystem::Sent{-2, SIGKILL}));
      raise(SIGTERM);
      return;
    }
    kernel.leftovers[pid] = 1;
    kernel.end(pid, 1);
  };
  EXPECT_EQ(run({web}), 0);
  EXPECT_EQ(kernel.spawned.size(), 2u);
}

TEST_F(EngineTest, GoesOnWhenASignalCannotBeSent) {
  ServiceSpec web = service("web");
  web.stop.grace = Duration::zero();
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    kernel.signal_error = EPERM;
    raise(SIGUSR1);
    raise(SIGTERM);
  };
  ContainerSpec container;
  container.stop_grace_period = std::chrono::milliseconds(20);
  run({web}, container);
  EXPECT_THAT(text, HasSubstr("web: cannot send SIGUSR1: Operation not permitted"));
  EXPECT_THAT(text, HasSubstr("some processes are left that could not be ended"));
}

TEST_F(EngineTest, SaysOnceThatAServiceRefusesSignals) {
  ContainerSpec container;
  container.stop_grace_period = std::chrono::milliseconds(20);
  container.leftovers.grace = Duration::zero();
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    kernel.signal_error = EPERM;
    for (const int signo : {SIGUSR1, SIGUSR2, SIGTERM}) raise(signo);
  };
  level = LogLevel::warning;
  run({service("web")}, container);
  EXPECT_EQ(count("web: cannot send SIG"), 1) << text;
}

TEST_F(EngineTest, ReapsWhatIsNoServiceOfIts) {
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    for (int i = 0; i < 10'000; ++i) kernel.add_orphan();
    raise(SIGTERM);
  };
  EXPECT_EQ(run({service("web")}), 0);
  EXPECT_GT(kernel.reaps, 10'000);
  EXPECT_THAT(text, Not(HasSubstr("web: exited")));
}

TEST_F(EngineTest, DoesNotStartWhatWasQueuedWhenTheShutdownCame) {
  std::vector<ServiceSpec> services;
  services.reserve(100);
  for (int i = 0; i < 100; ++i) services.push_back(service("s" + std::to_string(i)));
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    if (kernel.spawned.size() == 1) raise(SIGTERM);
  };
  EXPECT_EQ(run(std::move(services)), 0);
  EXPECT_LT(kernel.spawned.size(), 100u);
}

TEST_F(EngineTest, ForwardsAUserSignalToEachService) {
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    if (kernel.spawned.size() < 2) return;
    raise(SIGUSR1);
    raise(SIGTERM);
  };
  EXPECT_EQ(run({service("a"), service("b")}), 0);
  EXPECT_THAT(kernel.sent, Contains(FakeSystem::Sent{2, SIGUSR1}));
  EXPECT_THAT(kernel.sent, Contains(FakeSystem::Sent{3, SIGUSR1}));
}

TEST_F(EngineTest, SweepsWhatIsLeftBeforeItEnds) {
  kernel.on_spawn = [](const std::string&, std::int32_t) { raise(SIGTERM); };
  EXPECT_EQ(run({service("web")}), 0);
  EXPECT_THAT(kernel.sent_to_rest, ElementsAre(SIGTERM));
}

// The child of one that is killed comes to pid1, and was nobody's to see before.
TEST_F(EngineTest, KillsWhatComesToItWhenWhatIsLeftDiesUnlessItIsTheFirstProcess) {
  for (const bool is_first : {true, false}) {
    kernel.is_first_process = is_first;
    kernel.sent_to_rest.clear();
    kernel.on_spawn = [&](const std::string&, std::int32_t pid) {
      const std::int32_t daemon = kernel.adopt();
      const std::int32_t orphan = kernel.adopt();
      kernel.on_rest_signal = [&, daemon, orphan](int signo) {
        if (signo != SIGKILL) return;
        const bool is_repeated = kernel.sent_to_rest.size() > 2;
        if (!is_repeated) kernel.end(daemon, 0);
        if (is_repeated || is_first) kernel.end(orphan, 0);
      };
      kernel.end(pid, 0);
    };
    ContainerSpec container;
    container.leftovers.grace = std::chrono::milliseconds(1);
    EXPECT_EQ(run({service("job")}, container), 0);
    std::vector<int> wanted = {SIGTERM, SIGKILL};
    if (!is_first) wanted.push_back(SIGKILL);
    EXPECT_EQ(kernel.sent_to_rest, wanted);
    EXPECT_THAT(text, Not(HasSubstr("could not be ended")));
  }
}

TEST_F(EngineTest, SaysWhereItCannotLookForAllThatIsLeft) {
  kernel.sees_rest = false;
  kernel.on_spawn = [&](const std::string&, std::int32_t pid) {
    const std::int32_t daemon = kernel.adopt();
    kernel.on_rest_signal = [&, daemon](int signo) {
      if (signo == SIGKILL) kernel.end(daemon, 0);
    };
    kernel.end(pid, 0);
  };
  ContainerSpec container;
  container.leftovers.grace = std::chrono::milliseconds(1);
  EXPECT_EQ(run({service("job")}, container), 0);
  EXPECT_EQ(count("cannot look for all that is left"), 1) << text;
}

ContainerSpec with(LeftoverPolicy leftovers) {
  ContainerSpec container;
  container.leftovers = leftovers;
  return container;
}

TEST_F(EngineTest, WaitsForWhatIsLeftWhereItIsAwaited) {
  kernel.on_spawn = [&](const std::string&, std::int32_t pid) {
    const std::int32_t daemon = kernel.adopt();
    kernel.on_rest_signal = [&, daemon](int) { kernel.end(daemon, 7); };
    kernel.end(pid, 0);
    raise(SIGUSR1);  // read after the death
  };
  EXPECT_EQ(run({service("job")}, with({.awaited = true})), 0);
  EXPECT_THAT(kernel.sent_to_rest, ElementsAre(SIGUSR1));
  EXPECT_THAT(text, HasSubstr("waiting for what the services left behind"));
}

TEST_F(EngineTest, EndsAtOnceWhereNothingIsLeftToWaitFor) {
  kernel.on_spawn = [&](const std::string&, std::int32_t pid) { kernel.end(pid, 0); };
  EXPECT_EQ(run({service("job")}, with({.awaited = true})), 0);
  EXPECT_TRUE(kernel.sent_to_rest.empty());
}

TEST_F(EngineTest, LeavesWhatHasNoGraceToTheKernel) {
  kernel.on_spawn = [&](const std::string&, std::int32_t) {
    kernel.adopt();
    raise(SIGTERM);
  };
  EXPECT_EQ(run({service("web")}, with({.grace = Duration::zero()})), 0);
  EXPECT_TRUE(kernel.sent_to_rest.empty());
  EXPECT_THAT(text, HasSubstr("services gone after"));
  EXPECT_THAT(text, Not(HasSubstr("gone after -")));
}

}  // namespace
}  // namespace pid1::supervisor
