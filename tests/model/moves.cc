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
// Timers fire late, on a grid: fewer different times, and no delay of the core's own is longer.
constexpr Duration kGrid = std::chrono::seconds(2);

Time on_grid(Time time) {
  const auto past = time.time_since_epoch() % kGrid;
  return past == Duration::zero() ? time : later(time, kGrid - past);
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
  const Reality& service = world.reality(i);
  switch (service.main) {
    case Reality::Main::none: break;
    case Reality::Main::asked:
      moves.push_back({.kind = Kind::spawn_works, .who = i});
      moves.push_back({.kind = Kind::spawn_broken, .who = i});
      if (environment.refused_spawns) moves.push_back({.kind = Kind::spawn_refused, .who = i});
      break;
    case Reality::Main::alive:
      if (service.heard_kill) {
        add_end(world, environment, {.kind = Kind::die_of_kill, .who = i}, moves);
      } else if (service.heard_stop) {
        add_end(world, environment, {.kind = Kind::die_of_stop, .who = i}, moves);
      } else {
        add_end(world, environment, {.kind = Kind::exit_well, .who = i}, moves);
        add_end(world, environment, {.kind = Kind::exit_badly, .who = i}, moves);
      }
      break;
  }
  if (service.watched) moves.push_back({.kind = Kind::group_empties, .who = i});
}

void add_timer_moves(const SimWorld& world, std::vector<Move>& moves) {
  for (std::size_t owner = 0; owner <= world.size(); ++owner) {
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
  if (move.kind == Kind::die_of_kill) return Signaled{kSigKill};
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
    case Kind::spawn_works: return Spawned{id, generation};
    case Kind::spawn_refused: return SpawnFailed{id, generation, SpawnFault::system, 0};
    case Kind::spawn_broken: return SpawnFailed{id, generation, SpawnFault::service, 127};
    case Kind::exit_well:
    case Kind::exit_badly:
    case Kind::die_of_stop:
    case Kind::die_of_kill:
      return ProcessEnded{id, generation, status_of(world, move),
                          move.leaves_members ? GroupState::populated : GroupState::empty};
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
         move.kind == Kind::ask_restart;
}

bool is_signal(const Move& move) {
  return move.kind == Kind::term || move.kind == Kind::interrupt || move.kind == Kind::hangup;
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
    add_process_moves(world, environment, static_cast<std::uint16_t>(i), moves);
    mains = mains || world.reality(i).main != Reality::Main::none;
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
