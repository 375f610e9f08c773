#include "services/lifecycle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace pid1 {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Outcome = Lifecycle::Outcome;

constexpr ServiceId kId{0};
constexpr Time kNow{seconds(1000)};
constexpr Duration kGrace = seconds(10);

constexpr Lifecycle::Moment kAt{kNow, kGrace};

constexpr std::array kPhases{Phase::stopped, Phase::waiting,    Phase::preparing, Phase::spawning,
                             Phase::running, Phase::cancelling, Phase::quiescing, Phase::stopping,
                             Phase::killing, Phase::draining,   Phase::cleaning,  Phase::backoff,
                             Phase::exited,  Phase::failed};

bool has_hook(Phase phase) {
  return phase == Phase::preparing || phase == Phase::cancelling || phase == Phase::quiescing ||
         phase == Phase::cleaning;
}

ServiceSpec spec_that_never_restarts() {
  ServiceSpec spec;
  spec.name = "web";
  spec.restart.condition = RestartCondition::never;
  spec.stop.grace = kGrace;
  return spec;
}

const ServiceSpec kSpec = spec_that_never_restarts();
// The hook that the phase is about.
const ServiceSpec kPrepares = [] {
  ServiceSpec spec = spec_that_never_restarts();
  spec.hooks.pre_start.resize(1);
  return spec;
}();
const ServiceSpec kQuiesces = [] {
  ServiceSpec spec = spec_that_never_restarts();
  spec.hooks.pre_stop.resize(1);
  return spec;
}();
const ServiceSpec kCleans = [] {
  ServiceSpec spec = spec_that_never_restarts();
  spec.hooks.post_stop.resize(1);
  return spec;
}();
const ServiceSpec kRestarts = [] {
  ServiceSpec spec = spec_that_never_restarts();
  spec.restart.condition = RestartCondition::always;
  return spec;
}();

const ServiceSpec& spec_for(Phase phase) {
  switch (phase) {
    case Phase::preparing:
    case Phase::cancelling: return kPrepares;
    case Phase::quiescing: return kQuiesces;
    case Phase::cleaning: return kCleans;
    case Phase::backoff: return kRestarts;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::spawning:
    case Phase::running:
    case Phase::stopping:
    case Phase::killing:
    case Phase::draining:
    case Phase::exited:
    case Phase::failed: return kSpec;
  }
  return kSpec;
}

// A service that was taken to a phase along the shortest way.
Lifecycle in(Phase phase) {
  Commands out;
  Lifecycle life(kId, spec_for(phase), 0);
  if (phase == Phase::stopped) return life;
  life.request();
  if (phase == Phase::waiting) return life;
  life.spawn(out);
  if (phase == Phase::cancelling) life.stop(kAt, out);
  if (phase == Phase::preparing || phase == Phase::spawning || phase == Phase::cancelling) {
    return life;
  }
  life.spawned(life.generation(), kNow, out);
  switch (phase) {
    case Phase::quiescing:
    case Phase::stopping: life.stop(kAt, out); break;
    case Phase::killing: life.kill(kNow, out); break;
    case Phase::draining:
      life.process_ended({kId, life.generation(), Exited{0}, GroupState::populated}, kAt, out);
      break;
    case Phase::cleaning: life.process_ended({kId, life.generation(), Exited{0}}, kAt, out); break;
    case Phase::backoff:
    case Phase::exited:
    case Phase::failed:
      life.process_ended({kId, life.generation(), Exited{phase == Phase::exited ? 0 : 1}}, kAt,
                         out);
      life.resolve_end(kNow, out);
      break;
    case Phase::stopped:
    case Phase::waiting:
    case Phase::preparing:
    case Phase::spawning:
    case Phase::running:
    case Phase::cancelling: break;
  }
  return life;
}

TEST(Lifecycle, ReachesEveryPhase) {
  for (const Phase phase : kPhases) EXPECT_EQ(name_of(in(phase).phase()), name_of(phase));
}

enum class What {
  spawned,
  refused,
  not_executable,
  ended,
  ended_leaving_members,
  group_emptied,
  hook_succeeded,
  hook_failed,
  fell_silent,
  timer_fired,
};

constexpr std::array kFacts{What::spawned,
                            What::refused,
                            What::not_executable,
                            What::ended,
                            What::ended_leaving_members,
                            What::group_emptied,
                            What::hook_succeeded,
                            What::hook_failed,
                            What::fell_silent,
                            What::timer_fired};

// `off` is added to the generation or serial: 0 makes the fact a current one.
Outcome tell(Lifecycle& life, What what, std::uint32_t off, Commands& out) {
  const Generation generation{static_cast<std::uint32_t>(life.generation()) + off};
  const HookRun hook{static_cast<std::uint32_t>(life.hook_awaited()) + off};
  switch (what) {
    case What::spawned: return life.spawned(generation, kNow, out);
    case What::refused:
      return life.spawn_failed({kId, generation, SpawnFault::system, 0}, kAt, out);
    case What::not_executable:
      return life.spawn_failed({kId, generation, SpawnFault::service, 127}, kAt, out);
    case What::ended: return life.process_ended({kId, generation, Exited{0}}, kAt, out);
    case What::ended_leaving_members:
      return life.process_ended({kId, generation, Exited{0}, GroupState::populated}, kAt, out);
    case What::group_emptied: return life.group_emptied(generation, kAt, out);
    case What::hook_succeeded: return life.hook_ended({kId, hook, Exited{0}}, kAt, out);
    case What::hook_failed: return life.hook_ended({kId, hook, Exited{1}}, kAt, out);
    case What::fell_silent: return life.fell_silent(generation);
    case What::timer_fired: return life.timer_fired(life.armed_serial() + off, kAt, out);
  }
  return Outcome::nothing;
}

struct Answer {
  Phase from;
  What what;
  Phase to;
  Outcome outcome;
};

// Every answer that isn't silence.
constexpr std::array kAnswers{
    Answer{Phase::spawning, What::spawned, Phase::running, Outcome::changed},
    Answer{Phase::spawning, What::refused, Phase::backoff, Outcome::nothing},
    Answer{Phase::spawning, What::not_executable, Phase::spawning, Outcome::gone},
    Answer{Phase::preparing, What::hook_succeeded, Phase::spawning, Outcome::nothing},
    Answer{Phase::preparing, What::hook_failed, Phase::preparing, Outcome::gone},
    Answer{Phase::cancelling, What::hook_succeeded, Phase::cancelling, Outcome::gone},
    Answer{Phase::cancelling, What::hook_failed, Phase::cancelling, Outcome::gone},
    Answer{Phase::cancelling, What::timer_fired, Phase::cancelling, Outcome::nothing},
    Answer{Phase::running, What::fell_silent, Phase::running, Outcome::condemned},
    Answer{Phase::quiescing, What::hook_succeeded, Phase::stopping, Outcome::nothing},
    Answer{Phase::quiescing, What::hook_failed, Phase::stopping, Outcome::nothing},
    Answer{Phase::quiescing, What::ended, Phase::quiescing, Outcome::nothing},
    Answer{Phase::quiescing, What::ended_leaving_members, Phase::quiescing, Outcome::nothing},
    Answer{Phase::quiescing, What::timer_fired, Phase::stopping, Outcome::nothing},
    Answer{Phase::cleaning, What::hook_succeeded, Phase::cleaning, Outcome::gone},
    Answer{Phase::cleaning, What::hook_failed, Phase::cleaning, Outcome::gone},
    Answer{Phase::cleaning, What::timer_fired, Phase::cleaning, Outcome::gone},
    Answer{Phase::running, What::ended, Phase::running, Outcome::gone},
    Answer{Phase::running, What::ended_leaving_members, Phase::draining, Outcome::nothing},
    Answer{Phase::stopping, What::ended, Phase::stopping, Outcome::gone},
    Answer{Phase::stopping, What::ended_leaving_members, Phase::draining, Outcome::nothing},
    Answer{Phase::stopping, What::timer_fired, Phase::killing, Outcome::nothing},
    Answer{Phase::killing, What::ended, Phase::killing, Outcome::gone},
    Answer{Phase::killing, What::ended_leaving_members, Phase::draining, Outcome::nothing},
    Answer{Phase::draining, What::group_emptied, Phase::draining, Outcome::gone},
    Answer{Phase::draining, What::timer_fired, Phase::draining, Outcome::gone},
    Answer{Phase::backoff, What::timer_fired, Phase::backoff, Outcome::retry},
};

const Answer* find_answer(Phase phase, What what) {
  for (const Answer& answer : kAnswers) {
    if (answer.from == phase && answer.what == what) return &answer;
  }
  return nullptr;
}

void expect_silence(Phase phase, What what, std::uint32_t off) {
  Lifecycle life = in(phase);
  Commands out;
  EXPECT_EQ(tell(life, what, off, out), Outcome::nothing);
  EXPECT_EQ(name_of(life.phase()), name_of(phase));
  EXPECT_TRUE(out.empty());
}

TEST(Lifecycle, AnswersEveryFactInEveryPhase) {
  for (const Phase phase : kPhases) {
    for (const What what : kFacts) {
      SCOPED_TRACE(std::string(name_of(phase)) + ", fact " +
                   std::to_string(static_cast<int>(what)));
      const Answer* answer = find_answer(phase, what);
      if (answer == nullptr) {
        expect_silence(phase, what, 0);
        continue;
      }
      Lifecycle life = in(phase);
      Commands out;
      EXPECT_EQ(tell(life, what, 0, out), answer->outcome);
      EXPECT_EQ(name_of(life.phase()), name_of(answer->to));
    }
  }
}

TEST(Lifecycle, IsSilentAboutStaleFactsInEveryPhase) {
  for (const Phase phase : kPhases) {
    for (const What what : kFacts) {
      SCOPED_TRACE(std::string(name_of(phase)) + ", fact " +
                   std::to_string(static_cast<int>(what)));
      expect_silence(phase, what, ~0u);
      expect_silence(phase, what, 1);
    }
  }
}

TEST(Lifecycle, KillsInEveryPhaseThatHasAProcess) {
  for (const Phase phase : kPhases) {
    SCOPED_TRACE(name_of(phase));
    Lifecycle life = in(phase);
    Commands out;
    life.kill(kNow, out);
    const bool kills_main = phase == Phase::running || phase == Phase::quiescing ||
                            phase == Phase::stopping || phase == Phase::killing;
    const auto kills_hook = [](const Command& command) {
      const auto* signal = std::get_if<SignalHook>(&command);
      return signal != nullptr && signal->signo == 9;
    };
    const Phase to = phase == Phase::preparing ? Phase::cancelling : phase;
    EXPECT_EQ(!out.empty(), kills_main || has_hook(phase))
        << "in draining, its group has got SIGKILL already";
    EXPECT_EQ(std::ranges::any_of(out, kills_hook), has_hook(phase));
    EXPECT_EQ(name_of(life.phase()), name_of(kills_main ? Phase::killing : to));
  }
}

TEST(Lifecycle, HasAProcessOrIsSettledOrWaits) {
  for (const Phase phase : kPhases) {
    SCOPED_TRACE(name_of(phase));
    const Lifecycle life = in(phase);
    const bool waits = phase == Phase::waiting || phase == Phase::backoff;
    EXPECT_EQ(int{life.has_process()} + int{life.settled()} + int{waits}, 1);
  }
}

TEST(Lifecycle, ShortensAGracePeriodButNeverLengthensIt) {
  Lifecycle life = in(Phase::stopping);
  Commands out;
  life.limit_grace({kNow, hours(1)}, out);
  EXPECT_TRUE(out.empty());
  life.limit_grace({kNow, seconds(3)}, out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(std::get<ArmTimer>(out[0]).delay, seconds(3));
}

TEST(Lifecycle, LimitsNoGraceWhereNoneRuns) {
  for (const Phase phase : kPhases) {
    const bool runs = phase == Phase::cancelling || phase == Phase::quiescing ||
                      phase == Phase::stopping || phase == Phase::cleaning;
    if (runs) continue;
    SCOPED_TRACE(name_of(phase));
    Lifecycle life = in(phase);
    Commands out;
    life.limit_grace({kNow, Duration::zero()}, out);
    EXPECT_TRUE(out.empty());
  }
}

TEST(Lifecycle, NeverUsesAGenerationOrASerialTwice) {
  Lifecycle life = in(Phase::backoff);
  Commands out;
  const Generation first = life.generation();
  const std::uint32_t serial = life.armed_serial();
  life.spawn(out);
  EXPECT_GT(life.generation(), first);
  life.spawn_failed({kId, life.generation(), SpawnFault::system, 0}, kAt, out);
  EXPECT_GT(life.armed_serial(), serial);
}

TEST(Lifecycle, WaitsForEverWhereTheGracePeriodIsEndless) {
  Lifecycle life = in(Phase::running);
  Commands out;
  life.stop({kNow, Duration::max()}, out);
  const auto armed = std::ranges::find_if(
      out, [](const Command& command) { return std::holds_alternative<ArmTimer>(command); });
  ASSERT_NE(armed, out.end());
  EXPECT_EQ(std::get<ArmTimer>(*armed).delay, Duration::max());
}

}  // namespace
}  // namespace pid1
