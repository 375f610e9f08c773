#include "tests/model/manners.h"

namespace pid1::model {

namespace {

using Kind = Move::Kind;

std::optional<Move> next_of_hook(const Presence& service, const Manners& manners,
                                 std::uint16_t who) {
  if (!service.hook_lives) return std::nullopt;
  if (service.hook_heard_kill && manners.heeds_kill) {
    return Move{.kind = Kind::hook_dies, .who = who};
  }
  if (service.hook_heard_kill || manners.hooks_hang) return std::nullopt;
  return Move{.kind = Kind::hook_succeeds, .who = who};
}

std::optional<Move> next_of(const Presence& service, const Manners& manners, std::uint16_t who) {
  if (const auto move = next_of_hook(service, manners, who)) return move;
  switch (service.main) {
    case Presence::Main::none: break;
    case Presence::Main::asked: return Move{.kind = Kind::spawn_works, .who = who};
    case Presence::Main::alive:
      if (service.heard_kill && manners.heeds_kill) {
        return Move{.kind = Kind::die_of_kill,
                    .who = who,
                    .leaves_members = manners.leaves_members && !service.members_killed};
      }
      if (service.heard_stop && !service.heard_kill && manners.heeds_stop) {
        return Move{
            .kind = Kind::die_of_stop, .who = who, .leaves_members = manners.leaves_members};
      }
      break;
  }
  const bool members_go = service.watched && service.members_killed && manners.heeds_kill;
  if (members_go) return Move{.kind = Kind::group_empties, .who = who};
  return std::nullopt;
}

std::optional<Move> next_timer(const SimWorld& world) {
  std::optional<Move> next;
  Time soonest{};
  for (std::size_t owner = 0; owner < world.world().timers(); ++owner) {
    const Timer& timer = world.timer(owner);
    if (timer.serial == 0 || (next && timer.due >= soonest)) continue;
    next = Move{.kind = Kind::timer_fires, .who = static_cast<std::uint16_t>(owner)};
    soonest = timer.due;
  }
  return next;
}

}  // namespace

std::optional<Move> next_by_itself(const SimWorld& world, const std::vector<Manners>& manners) {
  if (world.exit_code()) return std::nullopt;
  bool all_gone = world.rest_awaited();
  for (std::size_t i = 0; i < world.size(); ++i) {
    const Presence& service = world.reality(i);
    if (const auto move = next_of(service, manners[i], static_cast<std::uint16_t>(i))) return move;
    const bool stays =
        !manners[i].heeds_kill && (service.members || service.left_behind || service.hook_lives);
    all_gone = all_gone && service.main == Presence::Main::none && !stays;
  }
  if (all_gone) return Move{.kind = Kind::all_reaped};
  return next_timer(world);
}

}  // namespace pid1::model
