#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/scenario.h"

namespace pid1::model {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kHup = 1;
constexpr int kTerm = 15;

ServiceSpec that_reloads(std::string name) {
  ServiceSpec spec = service(std::move(name));
  spec.reload.signal = kHup;
  return spec;
}

ContainerSpec reloading_on(int signo) {
  ContainerSpec container;
  container.signals[static_cast<std::size_t>(signo)].kind = SignalRule::Kind::reload;
  return container;
}

TEST(Reload, IsDoneByAServiceThatRunsAndSaysHow) {
  Scenario scenario({that_reloads("web")});
  scenario.boot();
  EXPECT_THAT(scenario.reload("web"), IsEmpty()) << "it has yet to start";
  scenario.spawned("web");
  EXPECT_THAT(scenario.reload("web"), ElementsAre("reload web"));
}

TEST(Reload, MeansNothingToAServiceThatDoesNotSayHow) {
  Scenario scenario({service("web")});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.reload("web"), IsEmpty());
}

TEST(Reload, IsDoneByACommandAsWell) {
  ServiceSpec web = service("web");
  web.reload.command = hook();
  Scenario scenario({web});
  scenario.boot();
  scenario.spawned("web");
  EXPECT_THAT(scenario.reload("web"), ElementsAre("reload web"));
}

TEST(Reload, OfAllIsDoneByASignalThatIsMadeToMeanIt) {
  Scenario scenario({that_reloads("web"), service("db"), that_reloads("worker")},
                    reloading_on(kHup));
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kHup), ElementsAre("reload web", "reload worker"));
}

TEST(Reload, ThatNobodyHearsIsNotTheLossOfASignalThatAsksForTheEnd) {
  Scenario scenario({service("web")}, reloading_on(kTerm));
  scenario.boot();
  scenario.spawn_all();
  EXPECT_THAT(scenario.signal(kTerm), Contains("signal 15 to web #1"));
}

TEST(OutOfMemory, HasAnActionOfItsOwn) {
  ServiceSpec web = service("web");
  web.restart.condition = RestartCondition::never;
  web.on_failure = EndAction::shutdown;
  web.on_oom = EndAction::ignore;
  Scenario scenario({web, service("other")});
  scenario.boot();
  scenario.spawn_all();
  scenario.out_of_memory("web");
  EXPECT_EQ(scenario.phase("web"), Phase::failed);
  EXPECT_FALSE(scenario.world().shutdown_since());
}

}  // namespace
}  // namespace pid1::model
