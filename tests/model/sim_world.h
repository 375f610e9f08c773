#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/simulation/world.h"
#include "tests/model/core_under_test.h"
#include "tests/model/past.h"

namespace pid1::model {

// The core in a world, and the record of what happened that the invariants need. It judges nothing
// and decides nothing: what happens next is chosen by its user, from possible_moves(). A value:
// copies are independent.
class SimWorld {
 public:
  // `told` is the plan that the core gets, `truth` the one that it is judged by. Both outlive this.
  SimWorld(const Plan& told, const Plan& truth, Mutant mutant);

  // Something happened: reality changes, the core hears it, and its commands are carried out.
  // `out` is cleared first and holds the commands afterwards.
  void happen(const Event& event, Commands& out);
  void pass_time_until(Time time) { world_.pass_time_until(time); }

  const Plan& plan() const { return world_.plan(); }
  const Orchestrator& core() const { return *core_; }
  const World& world() const { return world_; }
  Time now() const { return world_.now(); }
  std::size_t size() const { return world_.size(); }
  const Presence& reality(ServiceId id) const { return world_.service(id); }
  const Presence& reality(std::size_t i) const {
    return reality(ServiceId{static_cast<std::uint32_t>(i)});
  }
  const Past& past(ServiceId id) const { return pasts_[index(id)]; }
  const Past& past(std::size_t i) const { return pasts_[i]; }
  Phase phase(ServiceId id) const { return past(id).phase; }
  const Timer& timer(std::size_t owner) const { return world_.timer(owner); }
  const Timer& health_timer(ServiceId id) const {
    return world_.timer(health_timer_owner(plan(), id));
  }
  bool anything_left() const { return world_.anything_left(); }
  // Whether the service is meant to be down, for good or to start again.
  bool leaving(ServiceId id) const;
  // Whether it runs, said so where it is to say so, and its post_start hooks are through.
  bool ready(ServiceId id) const;
  // Whether its check succeeds, or it is ready and has none.
  bool healthy(ServiceId id) const;

  bool rest_awaited() const { return world_.rest_awaited(); }
  int rest_signal() const { return world_.rest_signal(); }
  // Whether everything was killed ahead of its grace period: by the deadline, or by a person.
  bool hurried() const { return hurried_; }
  bool abandoned() const { return abandoned_; }
  // Whether somebody wants the end, and not only what a service's end means.
  bool asked() const { return asked_; }
  // Whether any service has had a process.
  bool ran() const { return ran_; }
  // Set from the shutdown's beginning on.
  const std::optional<Time>& shutdown_since() const { return shutdown_since_; }
  // The services that failed for good in the step that began the shutdown.
  const std::vector<ServiceId>& failed_then() const { return failed_then_; }
  // Whether a service became unhealthy in this step whose on_unhealthy ends the container.
  bool unhealthy_now() const { return unhealthy_now_; }
  // Whether that began the shutdown.
  bool unhealthy_then() const { return unhealthy_then_; }
  const std::optional<int>& exit_code() const { return world_.exit_code(); }

 private:
  void record_fact(const Event& event);
  void pass_limit(ServiceId id);
  void end_probe(ServiceId id, ProbeResult result);
  void condemn(ServiceId id, Verdict verdict);
  void mark_followers(ServiceId restarted);
  void record_command(const Command& command);
  void record(const Announce& fact);
  void record_step(const Event& event);
  void record_grace(ServiceId id, Phase was, bool shutdown_begins);
  Time latest_grace(ServiceId id) const;

  Past& at(ServiceId id) { return pasts_[index(id)]; }

  CoreUnderTest core_;
  World world_;
  std::vector<Past> pasts_;
  bool hurried_ = false;
  bool abandoned_ = false;
  bool asked_ = false;
  bool unhealthy_now_ = false;  // in this step, and on_unhealthy ends the container
  bool unhealthy_then_ = false;
  bool ran_ = false;
  std::optional<Time> shutdown_since_;
  std::vector<ServiceId> failed_then_;
};

// What is left of `grace` if `remaining` has to be shared out along `path` (rounded down).
Duration share_of(Duration grace, Duration path, Duration remaining);

}  // namespace pid1::model
