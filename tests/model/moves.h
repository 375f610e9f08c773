#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/model/sim_world.h"

namespace pid1::model {

// One thing that may happen next in a world.
struct Move {
  enum class Kind : std::uint8_t {
    boot,
    ask_start,
    ask_stop,
    ask_restart,
    ask_reload,
    spawn_works,
    spawn_refused,  // by the system
    spawn_broken,   // by the service
    exit_well,
    exit_badly,
    die_of_stop,
    die_of_kill,
    die_of_memory,  // the kernel ran out of it
    group_empties,
    becomes_ready,
    shows_life,
    falls_silent,   // and says so itself
    asks_for_time,  // for its start or its stop
    changes_watchdog,
    hook_succeeds,
    hook_fails,
    hook_dies,       // of what it was sent
    late_hook_ends,  // one that nobody waits for any more
    probe_succeeds,
    probe_fails,
    probe_is_refused,    // by the system
    late_probe_answers,  // one that was stopped
    timer_fires,
    late_timer_fires,  // one that was cancelled or replaced
    term,
    interrupt,
    hangup,
    all_reaped,
  };
  Kind kind = Kind::boot;
  std::uint16_t who = 0;        // a service's index; timers: an owner's
  bool leaves_members = false;  // ends: of its group
  bool after_a_while = false;   // ends: it has run for at least a second; signals: likewise later
  bool operator==(const Move&) const = default;
};

// Whether a person asks for it, or sends it.
bool is_request(const Move& move);
bool is_signal(const Move& move);
// Whether it comes too late, and must have no effect.
bool is_late(const Move& move);
// Whether a process does it that may do the same again and again.
bool is_repeatable(const Move& move);

// What may happen at all.
struct Environment {
  enum class Clock {
    exact,    // a timer's firing takes the clock to when it was due
    on_grid,  // or to a little later, so that there are fewer different times
    stands,   // only the order of events matters, timers fire in any
  };
  Clock clock = Clock::on_grid;
  bool group_members = true;   // main processes may leave members of their group behind
  bool long_runs = true;       // processes may have lived a while
  bool refused_spawns = true;  // by the system
  bool requests = true;        // people start, stop and restart
  bool chatter = false;        // services that may talk to pid1 say more than that they are ready
};

// Appends to `moves`, which is cleared first.
void possible_moves(const SimWorld& world, const Environment& environment,
                    std::vector<Move>& moves);

// Lets it happen; returns the event that the core got. `out`: the commands that came of it.
Event make(const Move& move, const Environment& environment, SimWorld& world, Commands& out);

std::string describe(const Move& move, const Plan& plan);
std::string describe(const Command& command, const Plan& plan);
std::string describe(const Plan& plan);

}  // namespace pid1::model
