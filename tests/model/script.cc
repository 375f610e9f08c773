#include "tests/model/script.h"

#include <algorithm>
#include <sstream>

#include "tests/model/bytes_plan.h"
#include "tests/model/invariants.h"
#include "tests/model/manners.h"

namespace pid1::model {

namespace {

constexpr Environment kEnvironment{.clock = Environment::Clock::exact, .chatter = true};

// After the budget: a second for what got SIGKILL to go, and one until the rest is abandoned.
constexpr Duration kLastResort = std::chrono::seconds(2);

std::vector<Manners> manners_from(ByteSource& bytes, std::size_t services) {
  std::vector<Manners> manners(services);
  for (Manners& one : manners) {
    const std::uint8_t byte = bytes.byte();
    one = {.heeds_stop = (byte & 1) == 0,
           .leaves_members = (byte & 2) != 0,
           .heeds_kill = (byte & 28) != 28,
           .hooks_hang = (byte & 32) != 0};
  }
  return manners;
}

class Player {
 public:
  explicit Player(ByteSource bytes)
      : bytes_(bytes),
        plan_(plan_from(bytes_)),
        manners_(manners_from(bytes_, plan_.size())),
        world_(plan_, plan_, Mutant::none) {}

  std::optional<std::string> play() {
    play_script();
    if (!world_.exit_code()) play_end();
    return problem_;
  }

 private:
  void play_script() {
    step({.kind = Move::Kind::boot});
    while (!bytes_.empty() && !world_.exit_code() && !problem_) step(scripted_move());
  }

  // Left to chance, requests would outnumber all else, and a signal soon end it all.
  Move scripted_move() {
    possible_moves(world_, kEnvironment, moves_);
    const auto signals = std::ranges::partition(moves_, is_request);
    const auto others = std::ranges::partition(signals, is_signal);
    const std::span requests(moves_.begin(), signals.begin());
    const std::uint8_t kind = bytes_.byte();
    if (kind < 64 && !requests.empty()) return requests[bytes_.below(requests.size())];
    if (kind < 250 && !others.empty()) return others[bytes_.below(others.size())];
    return moves_[bytes_.below(moves_.size())];
  }

  void play_end() {
    const bool shutdown_was_scripted = world_.shutdown_since().has_value();
    if (!shutdown_was_scripted) step({.kind = Move::Kind::term});
    // Each service has a few steps left to make, and the container's timers.
    const std::size_t most = 24 * plan_.size() + 16;
    for (std::size_t i = 0; i < most && !problem_; ++i) {
      auto move = next_by_itself(world_, manners_);
      // What is awaited may never end, and is given no time to where it has none.
      const bool lingers = world_.core().stage() == Orchestrator::Stage::lingering;
      const bool is_limited = plan_.container().leftovers.grace != Duration::zero();
      if (!move && lingers) {
        move = Move{.kind = is_limited ? Move::Kind::term : Move::Kind::all_reaped};
      }
      if (!move) break;
      step(*move);
    }
    if (problem_) return;
    if (!world_.exit_code()) return fail("the shutdown does not come to its end");
    if (!shutdown_was_scripted) check_end();
  }

  void check_end() {
    const Time latest = later(later(*world_.shutdown_since(), plan_.stop_budget()), kLastResort);
    if (world_.now() > latest) fail("the shutdown took longer than its budget");
    const bool all_die = std::ranges::all_of(manners_, &Manners::heeds_kill);
    if (all_die && world_.hurried()) fail("the budget was not shared out: all were killed at once");
  }

  void step(const Move& move) {
    const SimWorld before = world_;
    const Event event = make(move, kEnvironment, world_, commands_);
    trace_.push_back(move);
    if (const auto violation = find_violation({before, event, commands_, world_})) {
      fail(std::string(name_of(violation->invariant)) + ": " + violation->what);
    }
  }

  void fail(const std::string& what) {
    std::ostringstream text;
    text << describe(plan_);
    for (const Move& move : trace_) text << "  " << describe(move, plan_) << '\n';
    text << what << '\n';
    problem_ = text.str();
  }

  ByteSource bytes_;
  const Plan plan_;
  const std::vector<Manners> manners_;
  SimWorld world_;
  Commands commands_;
  std::vector<Move> moves_;
  std::vector<Move> trace_;
  std::optional<std::string> problem_;
};

}  // namespace

std::optional<std::string> play(std::span<const std::uint8_t> bytes) {
  return Player(ByteSource(bytes)).play();
}

}  // namespace pid1::model
