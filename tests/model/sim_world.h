#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/model/core_under_test.h"

namespace pid1::model {

// What is really there of one service, and what was done to it.
struct Reality {
  enum class Main : std::uint8_t { none, asked, alive };
  Main main = Main::none;
  bool members = false;          // of its group, besides the main process
  bool watched = false;          // GroupEmptied is owed
  bool heard_stop = false;       // its main process got the stop signal
  bool heard_kill = false;       // its main process got SIGKILL
  bool members_killed = false;   // what is left of its group got SIGKILL
  bool left_behind = false;      // members of an earlier incarnation live
  bool to_restart = false;       // someone asked for that, of it or of what it follows
  bool launched = false;         // its program has run since it was last asked to start
  Phase phase = Phase::stopped;  // where the core had it after the last step
  Generation generation{0};
  Time running_since{};
  Time kill_allowed{};               // the end of the grace period that is owed to it
  std::optional<ExitStatus> status;  // its last end
  std::vector<Time> restarts;        // those that count, since it was last asked to start
};

struct Timer {
  std::uint32_t serial = 0;  // 0: not armed
  std::uint32_t last = 0;    // the serial of the last arming
  Time due{};
};

// A deterministic world around the core: processes, timers, a clock. It carries out commands and
// keeps the record that the invariants need; it judges nothing and decides nothing: what happens
// next is chosen by its user, from possible_moves(). A value: copies are independent.
class SimWorld {
 public:
  // `told` is the plan that the core gets, `truth` the one that it is judged by. Both outlive this.
  SimWorld(const Plan& told, const Plan& truth, Mutant mutant);

  // Something happened: reality changes, the core hears it, and its commands are carried out.
  // `out` is cleared first and holds the commands afterwards.
  void happen(const Event& event, Commands& out);
  void pass_time_until(Time time);

  const Plan& plan() const { return *plan_; }
  const Orchestrator& core() const { return *core_; }
  Time now() const { return now_; }
  std::size_t size() const { return services_.size(); }
  const Reality& reality(ServiceId id) const { return services_[index(id)]; }
  const Reality& reality(std::size_t i) const { return services_[i]; }
  // Indexed by a service's index, or size() for the container's.
  const Timer& timer(std::size_t owner) const { return timers_[owner]; }
  // Whether a process of any service lives, or is about to.
  bool anything_left() const;
  // Whether the service is meant to be down, for good or to start again.
  bool leaving(ServiceId id) const;

  // Whether AllReaped is owed.
  bool rest_awaited() const { return rest_awaited_; }
  // The signal that what is left got last, or 0.
  int rest_signal() const { return rest_signal_; }
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
  const std::optional<int>& exit_code() const { return exit_code_; }

 private:
  void befall(const Event& event);
  void mark_followers(ServiceId restarted);
  void carry_out(const Command& command);
  void send(const Signal& signal);
  void record_step(const Event& event);

  Reality& at(ServiceId id) { return services_[index(id)]; }

  const Plan* plan_;
  CoreUnderTest core_;
  std::vector<Reality> services_;
  std::vector<Timer> timers_;
  Time now_{};
  bool rest_awaited_ = false;
  int rest_signal_ = 0;
  bool hurried_ = false;
  bool abandoned_ = false;
  bool asked_ = false;
  bool ran_ = false;
  std::optional<Time> shutdown_since_;
  std::vector<ServiceId> failed_then_;
  std::optional<int> exit_code_;
};

// What is left of `grace` if `remaining` has to be shared out along `path` (rounded down).
Duration share_of(Duration grace, Duration path, Duration remaining);

}  // namespace pid1::model
