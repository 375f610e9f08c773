#include "config/main_program.h"

#include <algorithm>
#include <utility>

namespace pid1::config {

namespace {

// One that is always restarted never completes, which is reported where it is written.
bool completes(const ServiceSpec& spec) {
  return spec.type == ServiceType::oneshot && spec.restart.condition != RestartCondition::always &&
         spec.on_success != EndAction::restart;
}

Condition find_condition(const ServiceSpec& spec) {
  if (completes(spec)) return Condition::completed;
  const bool says_so = spec.health || spec.readiness.kind != Readiness::Kind::none;
  return says_so ? Condition::healthy : Condition::started;
}

RestartPolicy no_restart() {
  RestartPolicy policy;
  policy.condition = RestartCondition::never;
  policy.max_attempts = 0;
  return policy;
}

// It waits for all of them.
void refuse_dependencies(ServiceDraft& draft, Diagnostics& diagnostics) {
  std::vector<Dependency>& dependencies = draft.spec.depends_on;
  const auto on_main = std::ranges::find(dependencies, kMainService, &Dependency::service);
  if (on_main == dependencies.end()) return;
  const auto place = draft.dependency_places.begin() + (on_main - dependencies.begin());
  diagnostics.error(place->mark, "`main` is the program on the command line, which comes last",
                    "take it out");
  dependencies.erase(on_main);
  draft.dependency_places.erase(place);
}

}  // namespace

void add_main_program(const MainProgram& program, std::vector<ServiceDraft>& drafts,
                      Diagnostics& diagnostics) {
  const auto taken = std::ranges::find(drafts, kMainService,
                                       [](const ServiceDraft& draft) { return draft.spec.name; });
  if (taken != drafts.end()) {
    return diagnostics.error(taken->mark, "`main` is the program on the command line",
                             "give this service another name");
  }
  ServiceDraft main;
  main.spec.name = kMainService;
  main.spec.process.argv = program.argv;
  main.spec.input = program.input;
  main.spec.restart = no_restart();
  main.spec.on_success = EndAction::shutdown;
  main.spec.on_failure = EndAction::shutdown;
  for (ServiceDraft& draft : drafts) {
    refuse_dependencies(draft, diagnostics);
    if (!draft.enabled) continue;
    main.spec.depends_on.push_back({draft.spec.name, find_condition(draft.spec), false, true});
    main.dependency_places.emplace_back();
  }
  drafts.push_back(std::move(main));
}

}  // namespace pid1::config
