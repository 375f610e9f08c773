#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/model/sim_world.h"

namespace pid1::model {

// A story told to the core, fact by fact, for tests that read as sentences. Every step is checked
// against the invariants as well; where one breaks, std::logic_error tells which.
//
// Facts return what the core did about it, in words, announcements left out: "spawn web #1",
// "signal 15 to web #1", "arm web's timer for 10 s".
class Scenario {
 public:
  using Effects = std::vector<std::string>;

  explicit Scenario(std::vector<ServiceSpec> services, ContainerSpec container = {});
  // The world refers to the plan.
  Scenario(const Scenario&) = delete;
  Scenario& operator=(const Scenario&) = delete;
  ~Scenario() = default;

  Effects boot();
  Effects start(std::string_view service);
  Effects stop(std::string_view service);
  Effects restart(std::string_view service);
  Effects reload(std::string_view service);
  Effects signal(int signo);

  Effects spawned(std::string_view service);
  Effects refused(std::string_view service);  // by the system
  Effects not_executable(std::string_view service, int code = 127);
  Effects exited(std::string_view service, int code, GroupState group = GroupState::empty);
  Effects killed(std::string_view service, int signo, GroupState group = GroupState::empty);
  Effects out_of_memory(std::string_view service);
  Effects group_emptied(std::string_view service);
  Effects ready(std::string_view service);
  Effects alive(std::string_view service);  // WATCHDOG=1
  Effects hangs(std::string_view service);  // WATCHDOG=trigger
  Effects sets_watchdog(std::string_view service, Duration limit);
  Effects asks_for(std::string_view service, Duration extension);
  // The hook of it that runs ends.
  Effects hook_exited(std::string_view service, int code);
  Effects hook_killed(std::string_view service, int signo);
  // The probe of it that runs answers.
  Effects probed(std::string_view service, ProbeResult result);
  Effects all_reaped();

  // The clock goes on to when the timer is due, and it fires.
  Effects timer(std::string_view service);
  Effects check_timer(std::string_view service);
  Effects container_timer();
  void pass(Duration time);

  // Starts everything that is asked for, until nothing more is.
  void spawn_all();

  Phase phase(std::string_view service) const;
  Health health(std::string_view service) const;
  // How long until its timer, or that of its check, is due.
  Duration until_timer(std::string_view service) const;
  Duration until_check(std::string_view service) const;
  const SimWorld& world() const { return world_; }
  // The announcements of the last step, in words: "(started web)".
  const Effects& announced() const { return announced_; }

 private:
  Effects tell(const Event& event);
  Effects fire(std::size_t owner);
  ServiceId id_of(std::string_view service) const;
  Generation generation_of(std::string_view service) const;

  Plan plan_;
  SimWorld world_;
  Commands commands_;
  Effects announced_;
};

// A service as people write it, with what it depends on.
ServiceSpec service(std::string name, std::vector<Dependency> depends_on = {});

// Some hook.
ProcessSpec hook();

// Ways to depend on a service.
Dependency on(std::string service);
Dependency on_healthy(std::string service);
Dependency on_completed(std::string service);
Dependency optional(Dependency dependency);
Dependency with_restart(Dependency dependency);

}  // namespace pid1::model
