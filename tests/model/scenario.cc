#include "tests/model/scenario.h"

#include <stdexcept>

#include "tests/model/invariants.h"
#include "tests/model/moves.h"

namespace pid1::model {

Scenario::Scenario(std::vector<ServiceSpec> services, ContainerSpec container)
    : plan_(std::get<Plan>(Plan::create(std::move(services), std::move(container)))),
      world_(plan_, plan_, Mutant::none) {}

Scenario::Effects Scenario::boot() { return tell(Booted{}); }

Scenario::Effects Scenario::start(std::string_view service) {
  return tell(StartRequested{id_of(service)});
}

Scenario::Effects Scenario::stop(std::string_view service) {
  return tell(StopRequested{id_of(service)});
}

Scenario::Effects Scenario::restart(std::string_view service) {
  return tell(RestartRequested{id_of(service)});
}

Scenario::Effects Scenario::reload(std::string_view service) {
  return tell(ReloadRequested{id_of(service)});
}

Scenario::Effects Scenario::signal(int signo) { return tell(SignalReceived{.signo = signo}); }

Scenario::Effects Scenario::spawned(std::string_view service) {
  return tell(Spawned{id_of(service), generation_of(service)});
}

Scenario::Effects Scenario::refused(std::string_view service) {
  return tell(SpawnFailed{id_of(service), generation_of(service), SpawnFault::system, 0});
}

Scenario::Effects Scenario::not_executable(std::string_view service, int code) {
  return tell(SpawnFailed{id_of(service), generation_of(service), SpawnFault::service, code});
}

Scenario::Effects Scenario::exited(std::string_view service, int code, GroupState group) {
  return tell(ProcessEnded{id_of(service), generation_of(service), Exited{code}, group});
}

Scenario::Effects Scenario::killed(std::string_view service, int signo, GroupState group) {
  return tell(ProcessEnded{id_of(service), generation_of(service), Signaled{signo}, group});
}

Scenario::Effects Scenario::group_emptied(std::string_view service) {
  return tell(GroupEmptied{id_of(service), generation_of(service)});
}

Scenario::Effects Scenario::out_of_memory(std::string_view service) {
  return tell(ProcessEnded{id_of(service), generation_of(service), Signaled{9}, GroupState::empty,
                           /*out_of_memory=*/true});
}

Scenario::Effects Scenario::ready(std::string_view service) {
  return tell(Ready{id_of(service), generation_of(service)});
}

Scenario::Effects Scenario::alive(std::string_view service) {
  return tell(WatchdogPinged{id_of(service), generation_of(service)});
}

Scenario::Effects Scenario::hangs(std::string_view service) {
  return tell(WatchdogTriggered{id_of(service), generation_of(service)});
}

Scenario::Effects Scenario::sets_watchdog(std::string_view service, Duration limit) {
  return tell(WatchdogChanged{id_of(service), generation_of(service), limit});
}

Scenario::Effects Scenario::asks_for(std::string_view service, Duration extension) {
  return tell(TimeoutExtended{id_of(service), generation_of(service), extension});
}

Scenario::Effects Scenario::hook_exited(std::string_view service, int code) {
  return tell(HookEnded{id_of(service), world_.reality(id_of(service)).hook, Exited{code}});
}

Scenario::Effects Scenario::hook_killed(std::string_view service, int signo) {
  return tell(HookEnded{id_of(service), world_.reality(id_of(service)).hook, Signaled{signo}});
}

Scenario::Effects Scenario::probed(std::string_view service, ProbeResult result) {
  return tell(Probed{id_of(service), world_.reality(id_of(service)).probe, result});
}

Scenario::Effects Scenario::all_reaped() { return tell(AllReaped{}); }

Scenario::Effects Scenario::timer(std::string_view service) { return fire(index(id_of(service))); }

Scenario::Effects Scenario::check_timer(std::string_view service) {
  return fire(health_timer_owner(plan_, id_of(service)));
}

Scenario::Effects Scenario::container_timer() { return fire(plan_.size()); }

void Scenario::pass(Duration time) { world_.pass_time_until(later(world_.now(), time)); }

void Scenario::spawn_all() {
  for (bool any = true; any;) {
    any = false;
    for (const ServiceSpec& spec : plan_.services()) {
      if (world_.reality(id_of(spec.name)).main != Presence::Main::asked) continue;
      spawned(spec.name);
      any = true;
    }
  }
}

Phase Scenario::phase(std::string_view service) const {
  return world_.core().service(id_of(service)).phase();
}

Health Scenario::health(std::string_view service) const {
  return world_.core().health(id_of(service));
}

Duration Scenario::until_timer(std::string_view service) const {
  return world_.timer(index(id_of(service))).due - world_.now();
}

Duration Scenario::until_check(std::string_view service) const {
  return world_.health_timer(id_of(service)).due - world_.now();
}

Scenario::Effects Scenario::fire(std::size_t owner) {
  const Timer& timer = world_.timer(owner);
  if (timer.serial == 0) throw std::logic_error("no timer is armed");
  world_.pass_time_until(timer.due);
  return tell(TimerFired{{static_cast<std::uint32_t>(owner), timer.serial}});
}

Scenario::Effects Scenario::tell(const Event& event) {
  const SimWorld before = world_;
  world_.happen(event, commands_);
  if (const auto violation = find_violation({before, event, commands_, world_})) {
    throw std::logic_error(std::string(name_of(violation->invariant)) + ": " + violation->what);
  }
  Effects effects;
  announced_.clear();
  for (const Command& command : commands_) {
    const bool is_announcement = std::holds_alternative<Announce>(command);
    (is_announcement ? announced_ : effects).push_back(describe(command, plan_));
  }
  return effects;
}

ServiceId Scenario::id_of(std::string_view service) const {
  const auto id = plan_.find(service);
  if (!id) throw std::logic_error("no service " + std::string(service));
  return *id;
}

Generation Scenario::generation_of(std::string_view service) const {
  return world_.reality(id_of(service)).generation;
}

ServiceSpec service(std::string name, std::vector<Dependency> depends_on) {
  ServiceSpec spec;
  spec.name = std::move(name);
  spec.depends_on = std::move(depends_on);
  return spec;
}

Dependency on(std::string service) { return {.service = std::move(service)}; }

ProcessSpec hook() {
  ProcessSpec spec;
  spec.argv = {"hook"};
  return spec;
}

Dependency on_healthy(std::string service) {
  return {.service = std::move(service), .condition = Condition::healthy};
}

Dependency on_completed(std::string service) {
  return {.service = std::move(service), .condition = Condition::completed};
}

Dependency optional(Dependency dependency) {
  dependency.required = false;
  return dependency;
}

Dependency with_restart(Dependency dependency) {
  dependency.restart = true;
  return dependency;
}

}  // namespace pid1::model
