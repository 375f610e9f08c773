#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/command.h"

namespace pid1 {

// What is really there of one service, and what its processes have heard.
struct Presence {
  enum class Main : std::uint8_t { none, asked, alive };
  Main main = Main::none;
  bool members = false;          // of its group, besides the main process
  bool watched = false;          // GroupEmptied is owed
  bool heard_stop = false;       // its main process got the stop signal
  bool heard_kill = false;       // its main process got SIGKILL
  bool members_killed = false;   // what is left of its group got SIGKILL
  bool left_behind = false;      // members of an earlier incarnation live
  bool said_ready = false;       // this incarnation
  bool hook_lives = false;       // the last hook that was started
  bool hook_heard_stop = false;  // it got SIGTERM
  bool hook_heard_kill = false;
  bool probe_lives = false;  // the last probe that was started
  HookPoint hook_point = HookPoint::pre_start;
  std::uint32_t hook_index = 0;
  HookRun hook{0};
  ProbeRun probe{0};
  Generation generation{0};
  Time running_since{};
  Time stop_heard{};
  Time hook_since{};
  Time probe_since{};
};

struct Timer {
  std::uint32_t serial = 0;  // 0: not armed
  std::uint32_t last = 0;    // the serial of the last arming
  Time due{};
};

// Processes, timers and a clock, without a kernel: what a core acts upon. It carries out commands
// and lets facts befall it; what happens next is chosen by its user. The simulation and the model
// checker share it. A value: copies are independent.
class World {
 public:
  // `plan` outlives this object.
  explicit World(const Plan& plan);

  // The fact becomes true. To be called before the core hears of it.
  void befall(const Event& event);
  void carry_out(const Commands& commands);
  // The clock never runs backwards.
  void pass_time_until(Time time);

  const Plan& plan() const { return *plan_; }
  Time now() const { return now_; }
  std::size_t size() const { return services_.size(); }
  const Presence& service(ServiceId id) const { return services_[index(id)]; }
  // Indexed by TimerToken::owner.
  const Timer& timer(std::size_t owner) const { return timers_[owner]; }
  std::size_t timers() const { return timers_.size(); }
  // Whether a process of any service lives, or is about to.
  bool anything_left() const;
  // Whether AllReaped is owed.
  bool rest_awaited() const { return rest_awaited_; }
  // The signal that what is left got last, or 0.
  int rest_signal() const { return rest_signal_; }
  const std::optional<int>& exit_code() const { return exit_code_; }

 private:
  void carry_out(const Command& command);
  void send(const Signal& signal);
  void send(const SignalHook& signal);
  void disarm(TimerToken token);

  Presence& at(ServiceId id) { return services_[index(id)]; }

  const Plan* plan_;
  std::vector<Presence> services_;
  std::vector<Timer> timers_;
  Time now_{};
  bool rest_awaited_ = false;
  int rest_signal_ = 0;
  std::optional<int> exit_code_;
};

}  // namespace pid1
