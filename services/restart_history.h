#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "services/spec.h"

namespace pid1 {

// What a service's restart policy remembers: when it restarted lately, and how far the delay has
// grown.
//
// The rule (docs/reference/config.md, `restart`): at once after a run of at least 1 s; else after
// `delay`, doubled at each restart up to `max_delay`, with jitter, and back to the start after a
// run of 10 s. A restart beyond `max_attempts` within `window` isn't made: that end is final. The
// pauses before restarts don't count as part of the window, or long ones would make the limit
// unreachable.
class RestartHistory {
 public:
  struct Attempt {
    Duration delay{};
    std::uint32_t number = 0;  // within the window, from 1; 0 where nobody counts
  };

  // The process ran for `uptime` and ended at `now`. The next attempt, which is counted, or nullopt
  // where the policy's limit is reached. `noise` is any number; the jitter is made from it.
  std::optional<Attempt> next(const RestartPolicy& policy, Duration uptime, Time now,
                              std::uint64_t noise);

  // The same without a limit, for an action that overrules the policy.
  Attempt next_unlimited(const RestartPolicy& policy, Duration uptime, std::uint64_t noise);

  // A person or a fresh start wipes the slate clean.
  void clear();

  // For the model checker, which compares states.
  std::uint32_t doublings() const { return doublings_; }
  const std::vector<Time>& restarts() const { return restarts_; }

 private:
  Duration next_delay(const RestartPolicy& policy, Duration uptime, std::uint64_t noise);

  // Within the window, oldest first, at most `max_attempts`; moved forward by each pause.
  std::vector<Time> restarts_;
  std::uint32_t doublings_ = 0;
};

// The pause before another try where the system refused a process: 50 ms, doubled up to 2 s, with
// jitter.
Duration resource_retry_delay(std::uint32_t tries, std::uint64_t noise);

// A number that looks random, from the seed of a run and what it is for (splitmix64's finaliser).
std::uint64_t noise_from(std::uint64_t seed, std::uint64_t purpose);

}  // namespace pid1
