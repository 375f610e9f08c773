#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "services/plan.h"
#include "supervisor/system/process_facts.h"

namespace pid1::supervisor {

// What pid1 knows without asking the kernel: which processes it has started for which service. All
// of them lead a session of their own.
class ServiceProcesses {
 public:
  struct Started {
    enum class Life { living, reaped };
    ServiceId service{};
    Life life = Life::living;
  };

  virtual ~ServiceProcesses() = default;
  // A main process, a hook or a probe that lives, or a main process that was a service's last.
  virtual std::optional<Started> started(std::int32_t pid) const = 0;
  // Whose cgroup the process is in. Nothing where services have none.
  virtual std::optional<ServiceId> owner_of_cgroup(std::int32_t pid) const = 0;
  virtual std::optional<ServiceId> named(std::string_view service) const = 0;
};

// A living process that belongs to a service, and that a signal to the group of what pid1 has
// started doesn't reach: a daemon, or what a daemon has left.
struct Stray {
  ServiceId service{};
  system::ProcessId process;  // for system::signal_exactly()
  bool operator==(const Stray&) const = default;
};

// Whose a process is that pid1 didn't start itself, by the first that tells: its cgroup; its
// session, which a service's process has begun; its parents, one after the other, and their
// sessions; and, of a process whose parents pid1 is the last of, PID1_SERVICE in its environment.
class OrphanOwner {
 public:
  // Outlives this.
  explicit OrphanOwner(const ServiceProcesses& known) : known_(known) {}

  // The process may be a zombie, but not reaped yet. Nothing: it is nobody's, or can't be told, for
  // want of a /proc of this PID namespace or of a descriptor.
  std::optional<ServiceId> owner_of(std::int32_t pid);

  // All there are now, in one pass over /proc that asks nothing about what pid1 has started itself.
  // Valid until the next call.
  std::span<const Stray> strays();

 private:
  std::optional<ServiceId> find_owner(const system::ProcessFacts& process) const;
  std::optional<ServiceId> owner_of_session(std::int32_t session) const;
  bool is_in_started_group(const system::ProcessFacts& process) const;

  const ServiceProcesses& known_;
  std::optional<system::ProcessFacts> self_;
  std::vector<Stray> strays_;
};

}  // namespace pid1::supervisor
