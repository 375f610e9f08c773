#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/plan.h"
#include "supervisor/system/cgroup_location.h"
#include "supervisor/system/unique_fd.h"

namespace pid1::supervisor {

// Where pid1 finds itself; looked at before it moves.
struct CgroupFacts {
  system::OwnCgroup own;
  std::string oom_counter;  // as find_oom_counter() has it
};
CgroupFacts cgroup_facts();

// A cgroup of version 2 for each service, below pid1's own: NAME.service. Where that can't be, a
// service has none, everything here does nothing, and nothing is an error; but where a limit was
// asked for, which then can't be had. Nothing throws but for lack of memory.
class Cgroups {
 public:
  // No service has one.
  Cgroups() = default;

  // Makes them, and sets what was asked for. For that, pid1 may have to leave its cgroup for one
  // below, pid1.init: one that hands controllers out may hold no process. Returns what can't be
  // had, a line each; nothing is left behind then. `plan` must not change.
  std::vector<std::string> prepare(const Plan& plan, const CgroupFacts& facts);

  bool has(ServiceId service) const;
  // For SpawnRequest::cgroup, to be closed after the start. Empty: it has none.
  system::UniqueFd open(ServiceId service) const;
  // SIGKILL to all that is in it, also what left its session.
  void kill(ServiceId service) const;
  // Whether a process is in it, zombies not counted. False without a cgroup.
  bool is_populated(ServiceId service) const;
  // Those of this PID namespace that are in it; a process that ends meanwhile may be among them.
  std::vector<std::int32_t> processes(ServiceId service) const;
  // Whose cgroup a process is in, zombies too until they are reaped.
  std::optional<ServiceId> owner_of(std::int32_t pid) const;

  // How many processes the kernel killed so far for want of memory: of this service where its
  // cgroup counts them, else of the container; 0 where nobody counts.
  std::uint64_t oom_kills(ServiceId service) const;
  bool counts_own_oom_kills(ServiceId service) const;

  // At the end, or to begin anew. What still has processes stays.
  void remove();

 private:
  using Errors = std::vector<std::string>;

  std::string path_of(ServiceId service) const;
  std::string path_of_init() const;
  void hand_out(const std::vector<std::string>& controllers, Errors& errors);
  void make_room(const CgroupFacts& facts);
  void make(const ServiceSpec& service, Errors& errors);

  std::string base_;                // of pid1's own; empty: there are none
  std::string name_;                // OwnCgroup::name
  std::vector<std::string> names_;  // by service, of its directory; empty: it has none
  std::string oom_counter_;
  std::string handed_out_;  // what takes the controllers back again: "-memory -pids"
  bool has_moved_ = false;
};

// Of its directory: "web.service"; characters that a file's name can't have as \xNN.
std::string cgroup_name(const std::string& service);

}  // namespace pid1::supervisor
