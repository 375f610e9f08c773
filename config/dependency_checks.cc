#include "config/dependency_checks.h"

#include <algorithm>
#include <string>
#include <vector>

namespace pid1::config {

namespace {

// A knot of services has any number of circles in it; some are enough to untie it.
constexpr std::size_t kMostCycles = 10;

// A longer circle is shown by its beginning and its last service, which has the dependency that is
// pointed at.
constexpr std::size_t kMostNamed = 8;

// Whether its end is always followed by a start.
bool never_completes(const ServiceSpec& spec) {
  return spec.restart.condition == RestartCondition::always ||
         spec.on_success == EndAction::restart;
}

bool tells_health(const ServiceDraft& draft) {
  return draft.health_unknown || draft.spec.health.has_value() ||
         draft.spec.readiness.kind != Readiness::Kind::none;
}

void check_dependency(const Dependency& dependency, const NamePlace& place,
                      std::span<const ServiceDraft> drafts, const ServiceIndex& index,
                      Diagnostics& diagnostics) {
  const std::optional<std::size_t> found = index.find(dependency.service);
  if (!found) {
    if (dependency.required) report_missing(dependency.service, place, index, diagnostics);
    return;
  }
  const Mark& mark = place.mark;
  const std::string name = "`" + dependency.service + "`";
  const ServiceDraft& other = drafts[*found];
  if (!other.enabled) {
    if (!dependency.required) return;
    report_off(other, mark, "write `required: false`", diagnostics);
  } else if (dependency.condition == Condition::completed && never_completes(other.spec)) {
    diagnostics.error(mark, "the service " + name + " never completes: it is always restarted",
                      "give it `restart: on-failure`, or wait for `service_started`");
  } else if (dependency.condition == Condition::healthy && !tells_health(other)) {
    diagnostics.error(mark,
                      "the service " + name + " has neither a `healthcheck` nor a `readiness`",
                      "give it one of them, or wait for `service_started`");
  }
}

void check_service(const ServiceDraft& draft, Diagnostics& diagnostics) {
  if (draft.spec.type != ServiceType::oneshot || !never_completes(draft.spec)) return;
  diagnostics.error(draft.mark, "a oneshot is meant to complete, and this one is always restarted",
                    "give it `restart: on-failure`, or take `type: oneshot` out");
}

// A depth-first search that keeps its own stack: a chain of dependencies may be as long as there
// are services.
class CycleFinder {
 public:
  CycleFinder(std::span<const ServiceDraft> drafts, const ServiceIndex& index,
              Diagnostics& diagnostics)
      : drafts_(drafts), index_(index), diagnostics_(diagnostics), states_(drafts.size()) {}

  void run() {
    for (std::size_t i = 0; i < drafts_.size() && found_ < kMostCycles; ++i) {
      if (states_[i] == State::fresh && drafts_[i].enabled) search(i);
    }
  }

 private:
  enum class State : unsigned char { fresh, open, done };
  struct Step {
    std::size_t service;
    std::size_t next_dependency;
  };

  void search(std::size_t start) {
    enter(start);
    while (!path_.empty() && found_ < kMostCycles) {
      Step& step = path_.back();
      const ServiceDraft& draft = drafts_[step.service];
      if (step.next_dependency == draft.spec.depends_on.size()) {
        states_[step.service] = State::done;
        path_.pop_back();
        continue;
      }
      const std::size_t at = step.next_dependency++;
      const std::optional<std::size_t> other = index_.find(draft.spec.depends_on[at].service);
      if (!other || !drafts_[*other].enabled) continue;
      if (states_[*other] == State::fresh)
        enter(*other);
      else if (states_[*other] == State::open)
        report(*other, draft.dependency_places[at].mark);
    }
  }

  void enter(std::size_t service) {
    states_[service] = State::open;
    path_.push_back({service, 0});
  }

  void report(std::size_t first, const Mark& mark) {
    ++found_;
    const std::span<const Step> circle(std::ranges::find(path_, first, &Step::service),
                                       path_.end());
    const std::size_t left_out = circle.size() > kMostNamed ? circle.size() - kMostNamed : 0;
    std::string path;
    for (std::size_t i = 0; i < circle.size(); ++i) {
      if (left_out > 0 && i == kMostNamed - 1) {
        path += "… (" + std::to_string(left_out) + " more) -> ";
        i += left_out;
      }
      path += drafts_[circle[i].service].spec.name + " -> ";
    }
    diagnostics_.error(mark, "services depend on one another: " + path + drafts_[first].spec.name);
  }

  std::span<const ServiceDraft> drafts_;
  const ServiceIndex& index_;
  Diagnostics& diagnostics_;
  std::vector<State> states_;
  std::vector<Step> path_;
  std::size_t found_ = 0;
};

}  // namespace

void check_dependencies(std::span<const ServiceDraft> drafts, const ServiceIndex& index,
                        Diagnostics& diagnostics) {
  for (const ServiceDraft& draft : drafts) {
    check_service(draft, diagnostics);
    if (!draft.enabled) continue;
    for (std::size_t i = 0; i < draft.spec.depends_on.size(); ++i) {
      check_dependency(draft.spec.depends_on[i], draft.dependency_places[i], drafts, index,
                       diagnostics);
    }
  }
  CycleFinder(drafts, index, diagnostics).run();
}

}  // namespace pid1::config
