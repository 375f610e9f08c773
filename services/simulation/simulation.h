#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "services/orchestrator.h"
#include "services/simulation/world.h"

namespace pid1 {

// Something that happens to a service at a time of its own, counted from the start.
struct Incident {
  enum class Kind {
    ends,               // its main process ends with `code`, if it runs then
    becomes_unhealthy,  // from then on its probes fail, until it is started again
    becomes_ready,      // it says so then, not as soon as it runs
    is_restarted,       // somebody asks for it
  };
  Kind kind = Kind::ends;
  ServiceId service{};
  Duration at{};
  int code = 1;  // 0–255
};

// What is not as usual. Else services run until they are told to stop and then do, those that run
// once succeed after a moment, as hooks and probes do, and everything is ready as soon as it runs.
struct Circumstances {
  std::vector<Incident> incidents;
  std::vector<ServiceId> deaf;      // end by SIGKILL alone
  std::optional<Duration> stop_at;  // SIGTERM comes; none: once nothing more is about to happen
  std::optional<Duration> until;    // nobody looks any further
  std::uint64_t seed = 0;           // of the jitter
};

// Runs the real core on a virtual clock, from the start to the container's end.
class Simulation {
 public:
  // One fact, and what the core did about it.
  using Observer = std::function<void(Duration at, const Event&, const Commands&)>;

  // How long a oneshot, a hook or a probe takes, and a stop.
  static constexpr Duration kMoment = std::chrono::milliseconds(100);
  // Where nothing comes to rest, somebody asks for the end after this long.
  static constexpr Duration kLongest = std::chrono::hours(1);

  // `plan` outlives this object.
  Simulation(const Plan& plan, Circumstances circumstances);

  // Once.
  void run(const Observer& observe);

  const Orchestrator& core() const { return core_; }
  Duration elapsed() const { return world_.now().time_since_epoch(); }
  // None where nobody looked until then.
  const std::optional<int>& exit_code() const { return world_.exit_code(); }
  // The incidents that found no process to befall.
  const std::vector<Incident>& missed() const { return missed_; }

 private:
  // What is the next to happen, as far as is known.
  struct Next {
    Time at = Time::max();
    std::optional<Event> event{};
    const Incident* incident = nullptr;
  };

  Next next() const;
  void offer_processes(ServiceId id, Next& next) const;
  void offer_hook(ServiceId id, Next& next) const;
  void offer_probe(ServiceId id, Next& next) const;
  void offer_notices(ServiceId id, Next& next) const;
  void offer_incidents(Next& next) const;
  void offer_timers(Next& next) const;
  void offer_stop(Next& next) const;
  bool is_settled() const;
  bool is_settled(ServiceId id) const;
  bool is_deaf(ServiceId id) const;
  ProbeResult health(ServiceId id, Time at) const;
  std::optional<Time> ready_at(ServiceId id) const;
  void happen(const Event& event, const Observer& observe);
  void befall(const Incident& incident, const Observer& observe);

  const Plan* plan_;
  Circumstances circumstances_;
  Orchestrator core_;
  World world_;
  std::vector<Time> pinged_;  // the last sign of life of each service
  std::vector<Incident> missed_;
  Commands commands_;
  bool stop_sent_ = false;
};

}  // namespace pid1
