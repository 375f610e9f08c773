#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/command.h"
#include "services/lifecycle.h"
#include "services/shutdown.h"

namespace pid1 {

// The core: decides what happens next to every service and to the container. The sole entry point
// is handle(): a fact goes in, commands come out. No clock, descriptor, log or randomness; never
// re-entered: what a command leads to is handed in as the next event.
//
// - Services start along the graph, each as soon as its dependencies allow it.
// - Starting pulls dependencies up only on request; a failure or a stop pushes dependents down.
// - A shutdown runs against the graph, each service as soon as its dependents are gone, within the
// budget;
//   then comes the sweep of what is left, then Finish.
//
// A value: copies are independent, so that a model checker can explore.
class Orchestrator {
 public:
  enum class Stage { created, supervising, stopping, sweeping, finished };

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
  // Set from the shutdown's beginning on.
  const std::optional<ShutdownCause>& cause() const { return cause_; }
  // Whether everything was killed, by a deadline or by a person in a hurry.
  bool hurried() const { return hurried_; }
  std::uint32_t armed_serial() const { return armed_ ? serial_ : 0; }

 private:
  struct Service {
    Lifecycle life;
    bool wanted = false;
    bool again = false;                  // stop it, then start it again
    std::uint32_t dependents_alive = 0;  // dependents with a process
  };

  Service& at(ServiceId id) { return services_[index(id)]; }
  const Service& at(ServiceId id) const { return services_[index(id)]; }

  // Every change of a service's state goes through here, which keeps the counts below.
  template <typename Verb>
  void change(ServiceId id, Verb verb);

  void dispatch(const Event& event, Time now, Commands& out);
  void boot();
  void request_start(ServiceId id);
  void request_stop(ServiceId id, Commands& out);
  void request_restart(ServiceId id, Commands& out);

  void follow(ServiceId id, Lifecycle::Outcome outcome, Time now, Commands& out);
  void resolve(ServiceId id, Time now, Commands& out);
  void drop(ServiceId id, Commands& out);
  void conclude(ServiceId id, Time now, Commands& out);
  void settle(Time now, Commands& out);

  bool satisfied(const Edge& edge) const;
  bool leaving(const Service& service) const;
  bool held(ServiceId id) const;
  void start_when_ready(ServiceId id, Time now, Commands& out);
  void stop_when_free(ServiceId id, Time now, Commands& out);
  Duration grace_of(ServiceId id, Time now) const;

  // orchestrator_shutdown.cc
  void receive(const SignalReceived& signal, Time now, Commands& out);
  void forward(const SignalRule& rule, int signo, Commands& out) const;
  void begin_shutdown(const ShutdownCause& cause, Time now, Commands& out);
  void kill_everything(Fact why, Commands& out);
  void begin_sweep(Time now, Commands& out);
  void sweep_hard(Commands& out);
  void container_timer_fired(std::uint32_t serial, Commands& out);
  void finish(Commands& out);
  int final_code() const;
  void arm(Duration delay, Commands& out);
  void disarm(Commands& out);

  const Plan* plan_;
  std::vector<Service> services_;
  std::vector<ServiceId> changed_;  // their neighbours are to be looked at
  std::uint32_t unsettled_ = 0;     // services that run or are about to
  std::uint32_t alive_ = 0;         // services with a process
  Stage stage_ = Stage::created;
  std::optional<ShutdownCause> cause_;
  ShutdownDeadlines deadlines_{};
  std::uint32_t serial_ = 0;
  bool armed_ = false;
  bool hurried_ = false;
  bool sweep_killed_ = false;
};

template <typename Verb>
void Orchestrator::change(ServiceId id, Verb verb) {
  Lifecycle& life = at(id).life;
  const bool was_settled = life.settled();
  const bool had_process = life.has_process();
  verb(life);
  if (was_settled != life.settled()) unsettled_ += was_settled ? 1u : ~0u;
  if (had_process == life.has_process()) return;
  const std::uint32_t difference = had_process ? ~0u : 1u;
  alive_ += difference;
  for (const Edge& edge : plan_->dependencies(id)) {
    at(edge.service).dependents_alive += difference;
  }
  if (had_process) changed_.push_back(id);
}

}  // namespace pid1
