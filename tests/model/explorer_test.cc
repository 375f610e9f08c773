#include "tests/model/explorer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

#include "tests/model/plans.h"

namespace pid1::model {
namespace {

struct Figures {
  std::size_t plans = 0;
  std::size_t states = 0;
  std::size_t transitions = 0;

  void add(const Figures& other) {
    plans += other.plans;
    states += other.states;
    transitions += other.transitions;
  }
};

// Explores the cases side by side, and keeps the first counterexample of all.
class Crew {
 public:
  explicit Crew(std::vector<Case> cases) : cases_(std::move(cases)) {}

  void work() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([this] { explore_some(); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  const std::map<std::string, Figures>& figures() const { return figures_; }
  const std::string& counterexample() const { return counterexample_; }

 private:
  void explore_some() {
    for (std::size_t i = next_++; i < cases_.size() && !broken_; i = next_++) {
      const Case& one = cases_[i];
      const Subject subject{one.plan, one.plan};
      const Exploration result = explore(subject, one.environment);
      const std::lock_guard lock(mutex_);
      figures_[one.family].add({1, result.states, result.transitions});
      if (!result.counterexample || broken_.exchange(true)) continue;
      counterexample_ = narrate(*result.counterexample, subject, one.environment);
    }
  }

  const std::vector<Case> cases_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> broken_ = false;
  std::mutex mutex_;
  std::map<std::string, Figures> figures_;
  std::string counterexample_;
};

Depth depth_asked_for() {
  const char* depth = std::getenv("PID1_MODEL_DEPTH");
  return depth != nullptr && depth == std::string_view("thorough") ? Depth::thorough : Depth::usual;
}

void print(std::string_view name, const Figures& figures) {
  std::cout << std::left << std::setw(26) << name << std::right << std::setw(6) << figures.plans
            << " plans " << std::setw(9) << figures.states << " states " << std::setw(10)
            << figures.transitions << " transitions\n";
}

// Far below what there is: an exploration that has lost its moves proves nothing.
std::size_t least_states(Depth depth) {
  switch (depth) {
    case Depth::usual: return 5'000'000;
    case Depth::thorough: return 20'000'000;
  }
  return 0;
}

TEST(Model, NoRunOfAnySmallPlanBreaksAnInvariant) {
  const auto since = std::chrono::steady_clock::now();
  const Depth depth = depth_asked_for();
  Crew crew(small_plans(depth));
  crew.work();
  EXPECT_EQ(crew.counterexample(), "");
  Figures sum;
  for (const auto& [family, figures] : crew.figures()) {
    print(family, figures);
    sum.add(figures);
  }
  print("all", sum);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - since;
  std::cout << std::fixed << std::setprecision(1) << took.count() << " s\n";
  EXPECT_GT(sum.states, least_states(depth));
}

}  // namespace
}  // namespace pid1::model
