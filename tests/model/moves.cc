#include "tests/model/moves.h"

#include <algorithm>

namespace pid1::model {

namespace {

using Kind = Move::Kind;

constexpr int kSigHup = 1;
constexpr int kSigInt = 2;
constexpr int kSigKill = 9;
constexpr int kSigTerm = 15;

constexpr Duration kAWhile = std::chrono::seconds(1);
constexpr Duration kExtension = std::chrono::seconds(4);
constexpr Duration kOwnWatchdog = std::chrono::seconds(6);
// Timers fire late, on a grid: fewer different times, and no delay of the core's own is longer.
constexpr Duration kGrid = std::chrono::seconds(2);

Time on_grid(Time time) {
  const auto past = time.time_since_epoch() % kGrid;
  return past == Duration::zero() ? time : later(time, kGrid - past);
}

// The last one before the one that lives, or 0.
HookRun stale_hook(const Presence& service) {
  const auto last = static_cast<std::uint32_t>(service.hook);
  return HookRun{service.hook_lives ? last - 1 : last};
}

ProbeRun stale_probe(const Presence& service) {
  const auto last = static_cast<std::uint32_t>(service.probe);
  return ProbeRun{service.probe_lives ? last - 1 : last};
}

void add_end(const SimWorld& world, const Environment& environment, Move end,
             std::vector<Move>& moves) {
  const ServiceId id{end.who};
  const bool restarts_matter = !world.leaving(id);
  moves.push_back(end);
  if (environment.long_runs && restarts_matter) {
    Move late = end;
    late.after_a_while = true;
    moves.push_back(late);
  }
  const bool core_asks = world.plan()[id].stop.kill_mode != KillMode::process;
  if (environment.group_members && core_asks) {
    end.leaves_members = true;
    moves.push_back(end);
  }
}

void add_process_moves(const SimWorld& world, const Environment& environment, std::uint16_t i,
                       std::vector<Move>& moves) {
  const Presence& service = world.reality(i);
  switch (service.main) {
    case Presence::Main::none: break;
    case Presence::Main::asked:
      moves.push_back({.kind = Kind::spawn_works, .who = i});
      moves.push_back({.kind = Kind::spawn_broken, .who = i});
      if (environment.refused_spawns) moves.push_back({.kind = Kind::spawn_refused, .who = i});
      break;
    case Presence::Main::alive:
      if (service.heard_kill) {
        add_end(world, environment, {.kind = Kind::die_of_kill, .who = i}, moves);
      } else if (service.heard_stop) {
        add_end(world, environment, {.kind = Kind::die_of_stop, .who = i}, moves);
      } else {
        add_end(world, environment, {.kind = Kind::exit_well, .who = i}, moves);
        add_end(world, environment, {.kind = Kind::exit_badly, .who = i}, moves);
        const bool matters = world.plan()[ServiceId{i}].on_oom.has_value();
        if (matters) add_end(world, environment, {.kind = Kind::die_of_memory, .who = i}, moves);
      }
      break;
  }
  if (service.watched) moves.push_back({.kind = Kind::group_empties, .who = i});
}

// What a running service says about itself.
void add_notices(const SimWorld& world, const Environment& environment, std::uint16_t i,
                 std::vector<Move>& moves) {
  const Presence& service = world.reality(i);
  const ServiceSpec& spec = world.plan()[ServiceId{i}];
  if (service.main != Presence::Main::alive) return;
  const bool says_so = spec.readiness.kind != Readiness::Kind::none;
  if (says_so && !service.said_ready) moves.push_back({.kind = Kind::becomes_ready, .who = i});
  if (spec.watchdog) {
    moves.push_back({.kind = Kind::shows_life, .who = i});
    moves.push_back({.kind = Kind::falls_silent, .who = i});
  }
  if (!environment.chatter || spec.readiness.kind != Readiness::Kind::notify) return;
  moves.push_back({.kind = Kind::asks_for_time, .who = i});
  if (spec.watchdog) moves.push_back({.kind = Kind::changes_watchdog, .who = i});
}

void add_hook_moves(const SimWorld& world, std::uint16_t i, std::vector<Move>& moves) {
  const Presence& service = world.reality(i);
  if (service.hook_lives) {
    if (!service.hook_heard_kill) {
      moves.push_back({.kind = Kind::hook_succeeds, .who = i});
      moves.push_back({.kind = Kind::hook_fails, .who = i});
    }
    if (service.hook_heard_kill || service.hook_heard_stop) {
      moves.push_back({.kind = Kind::hook_dies, .who = i});
    }
  }
  if (stale_hook(service) != HookRun{0}) moves.push_back({.kind = Kind::late_hook_ends, .who = i});
}

void add_probe_moves(const SimWorld& world, std::uint16_t i, std::vector<Move>& moves) {
  const Presence& service = world.reality(i);
  if (service.probe_lives) {
    moves.push_back({.kind = Kind::probe_succeeds, .who = i});
    moves.push_back({.kind = Kind::probe_fails, .who = i});
    moves.push_back({.kind = Kind::probe_is_refused, .who = i});
  }
  if (stale_probe(service) != ProbeRun{0}) {
    moves.push_back({.kind = Kind::late_probe_answers, .who = i});
  }
}

void add_timer_moves(const SimWorld& world, std::vector<Move>& moves) {
  for (std::size_t owner = 0; owner < world.world().timers(); ++owner) {
    const Timer& timer = world.timer(owner);
    const auto who = static_cast<std::uint16_t>(owner);
    if (timer.serial != 0) moves.push_back({.kind = Kind::timer_fires, .who = who});
    const std::uint32_t stale = timer.serial == 0 ? timer.last : timer.last - 1;
    if (stale != 0) moves.push_back({.kind = Kind::late_timer_fires, .who = who});
  }
}

void add_requests(const SimWorld& world, std::vector<Move>& moves) {
  for (std::size_t i = 0; i < world.size(); ++i) {
    const auto who = static_cast<std::uint16_t>(i);
    moves.push_back({.kind = Kind::ask_start, .who = who});
    moves.push_back({.kind = Kind::ask_stop, .who = who});
    moves.push_back({.kind = Kind::ask_restart, .who = who});
    const Reload& reload = world.plan()[ServiceId{who}].reload;
    if (reload.signal != 0 || reload.command) {
      moves.push_back({.kind = Kind::ask_reload, .who = who});
    }
  }
}

TimerToken token_of(const SimWorld& world, const Move& move) {
  const Timer& timer = world.timer(move.who);
  const bool current = move.kind == Kind::timer_fires || timer.serial == 0;
  return {move.who, current ? timer.last : timer.last - 1};
}

ExitStatus status_of(const SimWorld& world, const Move& move) {
  if (move.kind == Kind::exit_well) return Exited{0};
  if (move.kind == Kind::exit_badly) return Exited{1};
  if (move.kind == Kind::die_of_kill || move.kind == Kind::die_of_memory) return Signaled{kSigKill};
  return Signaled{world.plan()[ServiceId{move.who}].stop.signal};
}

Event event_of(const SimWorld& world, const Move& move) {
  const ServiceId id{move.who};
  const Generation generation =
      move.who < world.size() ? world.reality(id).generation : Generation{0};
  switch (move.kind) {
    case Kind::boot: return Booted{};
    case Kind::ask_start: return StartRequested{id};
    case Kind::ask_stop: return StopRequested{id};
    case Kind::ask_restart: return RestartRequested{id};
    case Kind::ask_reload: return ReloadRequested{id};
    case Kind::spawn_works: return Spawned{id, generation};
    case Kind::spawn_refused: return SpawnFailed{id, generation, SpawnFault::system, 0};
    case Kind::spawn_broken: return SpawnFailed{id, generation, SpawnFault::service, 127};
    case Kind::exit_well:
    case Kind::exit_badly:
    case Kind::die_of_stop:
    case Kind::die_of_kill:
    case Kind::die_of_memory:
      return ProcessEnded{id, generation, status_of(world, move),
                          move.leaves_members ? GroupState::populated : GroupState::empty,
                          move.kind == Kind::die_of_memory};
    case Kind::becomes_ready: return Ready{id, generation};
    case Kind::shows_life: return WatchdogPinged{id, generation};
    case Kind::falls_silent: return WatchdogTriggered{id, generation};
    case Kind::asks_for_time: return TimeoutExtended{id, generation, kExtension};
    case Kind::changes_watchdog: return WatchdogChanged{id, generation, kOwnWatchdog};
    case Kind::hook_succeeds: return HookEnded{id, world.reality(id).hook, Exited{0}};
    case Kind::hook_fails: return HookEnded{id, world.reality(id).hook, Exited{3}};
    case Kind::hook_dies: {
      const bool killed = world.reality(id).hook_heard_kill;
      return HookEnded{id, world.reality(id).hook, Signaled{killed ? kSigKill : kSigTerm}};
    }
    case Kind::late_hook_ends: return HookEnded{id, stale_hook(world.reality(id)), Exited{0}};
    case Kind::probe_succeeds: return Probed{id, world.reality(id).probe, ProbeResult::healthy};
    case Kind::probe_fails: return Probed{id, world.reality(id).probe, ProbeResult::unhealthy};
    case Kind::probe_is_refused: return Probed{id, world.reality(id).probe, ProbeResult::unknown};
    case Kind::late_probe_answers:
      return Probed{id, stale_probe(world.reality(id)), ProbeResult::healthy};
    case Kind::group_empties: return GroupEmptied{id, generation};
    case Kind::timer_fires:
    case Kind::late_timer_fires: return TimerFired{token_of(world, move)};
    case Kind::term: return SignalReceived{.signo = kSigTerm};
    case Kind::interrupt: return SignalReceived{.signo = kSigInt};
    case Kind::hangup: return SignalReceived{.signo = kSigHup};
    case Kind::all_reaped: return AllReaped{};
  }
  return Booted{};
}

}  // namespace

bool is_request(const Move& move) {
  return move.kind == Kind::ask_start || move.kind == Kind::ask_stop ||
         move.kind == Kind::ask_restart || move.kind == Kind::ask_reload;
}

bool is_signal(const Move& move) {
  return move.kind == Kind::term || move.kind == Kind::interrupt || move.kind == Kind::hangup;
}

bool is_late(const Move& move) {
  return move.kind == Kind::late_timer_fires || move.kind == Kind::late_hook_ends ||
         move.kind == Kind::late_probe_answers;
}

bool is_repeatable(const Move& move) {
  return is_signal(move) || move.kind == Kind::shows_life || move.kind == Kind::falls_silent ||
         move.kind == Kind::asks_for_time || move.kind == Kind::changes_watchdog;
}

void possible_moves(const SimWorld& world, const Environment& environment,
                    std::vector<Move>& moves) {
  moves.clear();
  switch (world.core().stage()) {
    case Orchestrator::Stage::finished: return;
    case Orchestrator::Stage::created: moves.push_back({.kind = Kind::boot}); return;
    case Orchestrator::Stage::supervising:
      if (environment.requests) add_requests(world, moves);
      moves.push_back({.kind = Kind::hangup});
      break;
    case Orchestrator::Stage::lingering:
      moves.push_back({.kind = Kind::hangup});
      moves.push_back({.kind = Kind::interrupt});
      if (environment.long_runs) moves.push_back({.kind = Kind::term, .after_a_while = true});
      break;
    case Orchestrator::Stage::stopping:
    case Orchestrator::Stage::sweeping: moves.push_back({.kind = Kind::interrupt}); break;
  }
  moves.push_back({.kind = Kind::term});
  bool mains = false;
  for (std::size_t i = 0; i < world.size(); ++i) {
    const auto who = static_cast<std::uint16_t>(i);
    add_process_moves(world, environment, who, moves);
    add_notices(world, environment, who, moves);
    add_hook_moves(world, who, moves);
    add_probe_moves(world, who, moves);
    mains = mains || world.reality(i).main != Presence::Main::none;
  }
  add_timer_moves(world, moves);
  if (world.rest_awaited() && !mains) moves.push_back({.kind = Kind::all_reaped});
}

Event make(const Move& move, const Environment& environment, SimWorld& world, Commands& out) {
  using Clock = Environment::Clock;
  const auto reach = [&](Time time) {
    world.pass_time_until(environment.clock == Clock::exact ? time : on_grid(time));
  };
  if (move.after_a_while) {
    reach(later(is_signal(move) ? world.now() : world.reality(move.who).running_since, kAWhile));
  }
  const bool fires = move.kind == Kind::timer_fires;
  if (fires && environment.clock != Clock::stands) reach(world.timer(move.who).due);
  const Event event = event_of(world, move);
  world.happen(event, out);
  return event;
}

}  // namespace pid1::model
