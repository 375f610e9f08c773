#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "services/orchestrator.h"

namespace {
std::size_t allocations = 0;
}

// Every allocation of this program comes through here ([new.delete.single]). Inlined, they would
// look like a new that is undone by free.
// NOLINTBEGIN(cppcoreguidelines-no-malloc): what operator new itself is made of
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace pid1 {
namespace {

using std::chrono::seconds;

constexpr int kTerm = 15;
constexpr int kHup = 1;

std::vector<ProcessSpec> some_hooks() { return std::vector<ProcessSpec>(2); }

// A chain, each restarting with the one before it.
Plan chain(std::size_t length) {
  std::vector<ServiceSpec> services(length);
  for (std::size_t i = 0; i < length; ++i) {
    services[i].name = std::to_string(i);
    services[i].restart.condition = RestartCondition::always;
    services[i].restart.max_attempts = 3;
    services[i].restart.window = seconds(100);
    services[i].on_failure = EndAction::restart;
    services[i].hooks = {some_hooks(), some_hooks(), some_hooks(), some_hooks()};
    services[i].readiness.kind = Readiness::Kind::notify;
    services[i].health = HealthCheck{.probe = TcpProbe{}};
    services[i].reload.signal = kHup;
    if (i > 0) services[i].depends_on = {{.service = std::to_string(i - 1), .restart = true}};
  }
  return std::get<Plan>(Plan::create(std::move(services)));
}

// The shell around the core, reduced to what answers at once.
class Shell {
 public:
  explicit Shell(const Plan& plan) : core_(plan), checks_(plan.size()) {
    commands_.reserve(32 * plan.size());
    events_.reserve(64 * plan.size());
  }

  void happen(const Event& event) {
    events_.push_back(event);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event next = events_[i];
      now_ += std::chrono::milliseconds(10);
      commands_.clear();
      const std::size_t before = allocations;
      core_.handle(next, now_, commands_);
      in_core_ += allocations - before;
      for (const Command& command : commands_) answer(command);
    }
    events_.clear();
  }

  ProcessEnded end_of(ServiceId id) const {
    return {id, core_.service(id).generation(), Exited{1}};
  }
  TimerFired check_of(ServiceId id) const { return {checks_[index(id)]}; }
  std::size_t allocations_in_core() const { return in_core_; }

 private:
  void answer(const Command& command) {
    if (const auto* spawn = std::get_if<Spawn>(&command)) {
      events_.push_back(Spawned{spawn->service, spawn->generation});
      events_.push_back(Ready{spawn->service, spawn->generation});
    } else if (const auto* signal = std::get_if<Signal>(&command)) {
      if (signal->signo != kTerm) return;
      events_.push_back(ProcessEnded{signal->service, signal->generation, Signaled{kTerm}});
    } else if (const auto* hook = std::get_if<RunHook>(&command)) {
      events_.push_back(HookEnded{hook->service, hook->run, Exited{0}});
    } else if (const auto* probe = std::get_if<Probe>(&command)) {
      events_.push_back(Probed{probe->service, probe->run, ProbeResult::healthy});
    } else if (const auto* timer = std::get_if<ArmTimer>(&command)) {
      // A check begins anew for ever: each of its timers fires when it is asked to.
      if (timer->token.owner > core_.plan().size()) {
        checks_[timer->token.owner - core_.plan().size() - 1] = timer->token;
        return;
      }
      // Fires once it was cancelled as well: that has no effect.
      events_.push_back(TimerFired{timer->token});
    }
  }

  Orchestrator core_;
  std::vector<TimerToken> checks_;  // as they were armed last
  Commands commands_;
  std::vector<Event> events_;
  Time now_{};
  std::size_t in_core_ = 0;
};

TEST(SteadyState, AllocatesNothing) {
  const Plan plan = chain(20);
  Shell shell(plan);
  shell.happen(Booted{});
  const auto live_through_everything = [&] {
    for (std::uint32_t i = 0; i < plan.size(); ++i) {
      for (int times = 0; times < 5; ++times) {
        shell.happen(shell.check_of(ServiceId{i}));
        shell.happen(shell.end_of(ServiceId{i}));
      }
      shell.happen(ReloadRequested{ServiceId{i}});
    }
    shell.happen(RestartRequested{ServiceId{0}});
    shell.happen(StopRequested{ServiceId{5}});
    shell.happen(StartRequested{ServiceId{19}});
    shell.happen(SignalReceived{.signo = kHup});
  };
  live_through_everything();
  const std::size_t warmed_up = shell.allocations_in_core();
  EXPECT_GT(warmed_up, 0u) << "nothing is counted";
  for (int cycle = 0; cycle < 10; ++cycle) live_through_everything();
  EXPECT_EQ(shell.allocations_in_core() - warmed_up, 0u);
}

}  // namespace
}  // namespace pid1
