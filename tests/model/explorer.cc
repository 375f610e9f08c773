#include "tests/model/explorer.h"

#include <algorithm>
#include <deque>
#include <sstream>

#include "tests/model/state_key.h"
#include "tests/model/state_set.h"

namespace pid1::model {

namespace {

class Search {
 public:
  Search(const Subject& subject, const Environment& environment,
         const std::function<void(const Step&)>& observe)
      : environment_(environment), observe_(observe), overlooked_(subject.overlooked) {
    SimWorld start(subject.told, subject.truth, subject.mutant);
    encode(start, key_);
    seen_.insert(key_);
    reached_by_.push_back({0, Move{}});
    next_ = start;
    frontier_.push_back(std::move(start));
  }

  Exploration run() {
    for (; !frontier_.empty() && !result_.counterexample; ++current_) {
      const SimWorld world = std::move(frontier_.front());
      frontier_.pop_front();
      expand(world);
    }
    if (!result_.counterexample) look_for_cycle();
    result_.states = seen_.size();
    return std::move(result_);
  }

 private:
  struct Origin {
    std::uint32_t parent;
    Move move;
  };
  struct Edge {
    std::uint32_t from;
    std::uint32_t to;
  };

  void expand(const SimWorld& world) {
    possible_moves(world, environment_, moves_);
    for (const Move& move : moves_) {
      SimWorld& next = *next_;
      next = world;
      const Event event = make(move, environment_, next, commands_);
      ++result_.transitions;
      const Step step{world, event, commands_, next};
      const auto violation = find_violation(step);
      if (violation && violation->invariant != overlooked_) {
        return found(*violation, current_, move);
      }
      if (observe_) observe_(step);
      // What comes too late has just been shown to change nothing.
      if (!is_late(move)) visit(next, move);
    }
  }

  void visit(const SimWorld& next, const Move& move) {
    encode(next, key_);
    const auto [number, is_new] = seen_.insert(key_);
    // What somebody sends, or a process says, may change nothing, again and again; what happens by
    // itself may not.
    const bool leads_on = number != current_ || !is_repeatable(move);
    if (next.shutdown_since() && leads_on) edges_.push_back({current_, number});
    if (!is_new) return;
    reached_by_.push_back({current_, move});
    frontier_.push_back(next);
  }

  // Takes away, again and again, the states that nothing leads to; what stays is a cycle or behind
  // one.
  void look_for_cycle() {
    std::vector<std::uint32_t> first(seen_.size() + 1, 0);
    std::vector<std::uint32_t> incoming(seen_.size(), 0);
    for (const Edge& edge : edges_) {
      ++first[edge.from + 1];
      ++incoming[edge.to];
    }
    for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
    // Edges were found in the order of their origins.
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < seen_.size(); ++i) {
      if (incoming[i] == 0) free.push_back(i);
    }
    for (std::size_t done = 0; done < free.size(); ++done) {
      for (std::uint32_t e = first[free[done]]; e < first[free[done] + 1]; ++e) {
        if (--incoming[edges_[e].to] == 0) free.push_back(edges_[e].to);
      }
    }
    const auto on_cycle = std::ranges::find_if(incoming, [](std::uint32_t n) { return n > 0; });
    if (on_cycle == incoming.end()) return;
    const auto number = static_cast<std::uint32_t>(on_cycle - incoming.begin());
    found({Invariant::shutdown_finishes, "a shutdown can go on for ever from here"}, number, {});
    result_.counterexample->moves.pop_back();
  }

  void found(Violation violation, std::uint32_t number, const Move& last) {
    std::vector<Move> moves{last};
    for (; number != 0; number = reached_by_[number].parent) {
      moves.push_back(reached_by_[number].move);
    }
    std::ranges::reverse(moves);
    result_.counterexample = Counterexample{std::move(violation), std::move(moves)};
  }

  const Environment& environment_;
  const std::function<void(const Step&)>& observe_;
  const std::optional<Invariant> overlooked_;
  StateSet seen_;
  std::deque<SimWorld> frontier_;
  std::vector<Origin> reached_by_;
  std::vector<Edge> edges_;  // between different states of a shutdown
  std::uint32_t current_ = 0;
  std::vector<std::uint8_t> key_;
  std::vector<Move> moves_;
  Commands commands_;
  std::optional<SimWorld> next_;  // one whose memory is used again and again
  Exploration result_;
};

}  // namespace

Exploration explore(const Subject& subject, const Environment& environment,
                    const std::function<void(const Step&)>& observe) {
  return Search(subject, environment, observe).run();
}

std::string narrate(const Counterexample& example, const Subject& subject,
                    const Environment& environment) {
  std::ostringstream text;
  text << describe(subject.truth);
  SimWorld world(subject.told, subject.truth, subject.mutant);
  Commands commands;
  std::size_t number = 0;
  for (const Move& move : example.moves) {
    make(move, environment, world, commands);
    text << "  " << ++number << ". " << describe(move, subject.truth) << '\n';
    for (const Command& command : commands) {
      text << "       " << describe(command, subject.truth) << '\n';
    }
  }
  text << "  breaks \"" << name_of(example.violation.invariant) << "\": " << example.violation.what
       << '\n';
  return text.str();
}

}  // namespace pid1::model
