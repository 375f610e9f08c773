#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/command.h"
#include "services/health_monitor.h"
#include "services/lifecycle.h"
#include "services/shutdown.h"

namespace pid1 {

// The core: decides what happens next to every service and to the container. The sole entry point
// is handle(): a fact goes in, commands come out. No clock, descriptor, log or randomness; never
// re-entered: what a command leads to is handed in as the next event.
//
// - Services start along the graph, each as soon as its dependencies allow it.
// - Starting pulls dependencies up only on request; a failure for good or a stop pushes those down
//   that require the service, each as soon as its own dependents are gone.
// - A shutdown runs against the graph, each service as soon as its dependents are gone, within the
//   budget; then what is left may end by itself, where the plan says so and nobody asked for the
//   end; then comes the sweep of it, then Finish.
//
// A value: copies are independent, so that a model checker can explore.
class Orchestrator {
 public:
  enum class Stage { created, supervising, stopping, lingering, sweeping, finished };

  // `plan` outlives this object. `seed` makes the jitter of the delays.
  explicit Orchestrator(const Plan& plan, std::uint64_t seed = 0);

  // `now` never runs backwards. Appends to `out`.
  void handle(const Event& event, Time now, Commands& out);

  Stage stage() const { return stage_; }
  const Plan& plan() const { return *plan_; }
  const Lifecycle& service(ServiceId id) const { return services_[index(id)].life; }
  // Whether a service is meant to run, as far as it can.
  bool wanted(ServiceId id) const { return services_[index(id)].wanted; }
  // Whether it is being stopped in order to be started again.
  bool restarting(ServiceId id) const { return services_[index(id)].again; }
  // The service whose failure for good takes this one down, as long as it is on its way.
  const std::optional<ServiceId>& doomed_by(ServiceId id) const {
    return services_[index(id)].doomed_by;
  }
  Health health(ServiceId id) const;
  // Of a service with a health check; nullptr else.
  const HealthMonitor* monitor(ServiceId id) const;
  // Set from the shutdown's beginning on.
  const std::optional<ShutdownCause>& cause() const { return cause_; }
  // Whether everything was killed, by a deadline or by a person in a hurry.
  bool hurried() const { return hurried_; }
  // The service of exit_code_from, once it has ended or failed; nullptr: there is none.
  const Lifecycle* code_giver() const;
  std::uint32_t armed_serial() const { return armed_ ? serial_ : 0; }

 private:
  friend struct CoreProbe;  // tests/model compares states

  // What a service has for those that depend on it.
  struct Offer {
    bool settled = true;
    bool started = false;
    bool healthy = false;
    bool completed = false;
    bool failed = false;
    bool operator==(const Offer&) const = default;
  };

  static constexpr std::uint32_t kNoMonitor = ~0u;

  struct Service {
    Lifecycle life;
    std::uint32_t monitor = kNoMonitor;  // its place in monitors_
    bool wanted = false;
    bool again = false;                    // stop it, then start it again
    std::optional<ServiceId> doomed_by{};  // goes down because this one failed for good
    bool holds = false;         // its dependencies have been told to wait until it is gone
    Offer offer{};              // as its dependents have been told
    std::uint32_t unmet = 0;    // dependencies whose offer isn't enough
    std::uint32_t lost = 0;     // those of them that failed
    std::uint32_t held_by = 0;  // dependents that hold it
  };

  Service& at(ServiceId id) { return services_[index(id)]; }
  const Service& at(ServiceId id) const { return services_[index(id)]; }

  // Every change of a service's phase goes through here, which keeps the counts below.
  template <typename Verb>
  void change(ServiceId id, Verb verb);

  void dispatch(const Event& event, Time now, Commands& out);
  void boot();
  void request_start(ServiceId first);
  void request_stop(ServiceId first, Time now, Commands& out);
  void request_restart(ServiceId first, Time now, Commands& out);

  // Hands a fact to its service, and follows what it came to.
  template <typename Fact>
  void apply(ServiceId id, Time now, Commands& out, Fact fact);
  void follow(ServiceId id, Lifecycle::Outcome outcome, Time now, Commands& out);
  void resolve(ServiceId id, Time now, Commands& out);
  void drop(ServiceId id, Time now, Commands& out);
  void lose(ServiceId id, ServiceId dependency, Time now, Commands& out);
  void fire(TimerToken token, Time now, Commands& out);
  void conclude(ServiceId id, Time now, Commands& out);
  void take_down_dependents(ServiceId failed);

  // orchestrator_health.cc
  HealthMonitor* monitor_of(ServiceId id);
  void watch_health(ServiceId id, Time now, Commands& out);
  void follow_health(ServiceId id, Time now, Commands& out);
  bool reload(ServiceId id, Commands& out) const;
  bool reload_all(Commands& out) const;

  // orchestrator_graph.cc
  void settle(Time now, Commands& out);
  bool leaving(const Service& service) const;
  static bool satisfies(const Offer& offer, const Edge& edge);
  static bool loses(const Offer& offer, const Edge& edge);
  void tell_neighbours(Time now, Commands& out);
  void tell_dependents(ServiceId id);
  void tell_dependencies(ServiceId id);
  bool must_go_first(const Service& service) const;
  void fail_when_lost(ServiceId id, Time now, Commands& out);
  void start_when_ready(ServiceId id, Commands& out);
  void stop_when_free(ServiceId id, Time now, Commands& out);
  Lifecycle::Moment moment(ServiceId id, Time now) const;
  Time latest_grace(ServiceId id) const;

  // orchestrator_shutdown.cc
  void receive(const SignalReceived& signal, Time now, Commands& out);
  bool forward(const SignalRule& rule, int signo, Commands& out) const;
  bool pass_on(const SignalRule& rule, int signo, Commands& out) const;
  void be_asked_again(int signo, Time now, Commands& out);
  void end_lingering(const SignalRule& rule, int signo, Time now, Commands& out);
  void begin_shutdown(const ShutdownCause& cause, Time now, Commands& out);
  void kill_everything(Fact why, Time now, Commands& out);
  void leave_services(Time now, Commands& out);
  void linger(Commands& out);
  void begin_sweep(int signo, Time now, Commands& out);
  void sweep_hard(Commands& out);
  void container_timer_fired(std::uint32_t serial, Time now, Commands& out);
  void finish(Commands& out);
  int final_code() const;
  void arm(Duration delay, Commands& out);
  void disarm(Commands& out);

  const Plan* plan_;
  std::vector<Service> services_;
  std::vector<HealthMonitor> monitors_;  // of the services that have a check
  // Their memory is used again and again.
  std::vector<ServiceId> visit_;    // a request still has to visit these
  std::vector<ServiceId> changed_;  // their neighbours have to be told
  std::vector<ServiceId> touched_;  // those may be able to move now
  std::uint32_t unsettled_ = 0;     // services that run or are about to
  std::uint32_t alive_ = 0;         // services with a process
  Stage stage_ = Stage::created;
  std::optional<ShutdownCause> cause_;
  ShutdownDeadlines deadlines_{};
  std::uint32_t serial_ = 0;
  bool armed_ = false;
  bool asked_ = false;  // somebody wants the end, whatever began the shutdown
  bool hurried_ = false;
  bool ran_ = false;  // some service, once
  bool sweep_killed_ = false;
};

template <typename Verb>
void Orchestrator::change(ServiceId id, Verb verb) {
  Lifecycle& life = at(id).life;
  const bool was_settled = life.settled();
  const bool had_process = life.has_process();
  verb(life);
  if (was_settled != life.settled()) unsettled_ += was_settled ? 1u : ~0u;
  if (had_process != life.has_process()) alive_ += had_process ? ~0u : 1u;
  changed_.push_back(id);
}

}  // namespace pid1
