#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "services/plan.h"
#include "supervisor/cgroups.h"
#include "supervisor/orphan_owner.h"
#include "supervisor/process_table.h"
#include "supervisor/system/system.h"
#include "supervisor/task_runner.h"

namespace pid1::supervisor {

// What pid1 has started, as OrphanOwner asks for it.
class KnownProcesses final : public ServiceProcesses {
 public:
  KnownProcesses(const Plan& plan, const ProcessTable& mains, const TaskRunner& tasks,
                 const Cgroups& cgroups)
      : plan_(plan), mains_(mains), tasks_(tasks), cgroups_(cgroups) {}

  std::optional<Started> started(std::int32_t pid) const override;
  std::optional<ServiceId> owner_of_cgroup(std::int32_t pid) const override;
  std::optional<ServiceId> named(std::string_view service) const override;

 private:
  const Plan& plan_;
  const ProcessTable& mains_;
  const TaskRunner& tasks_;
  const Cgroups& cgroups_;
};

// What belongs to a service: the group of its main process and, as far as they are to end with it
// (OrphanPolicy), the processes that have left that group. Those are found by the service's cgroup
// or else by a look at /proc, one for all questions between two calls of look_again().
class Belongings {
 public:
  // All outlive this object.
  Belongings(const Plan& plan, system::System& system, const ServiceProcesses& known,
             const Cgroups& cgroups);

  // Whether anything is left of it, zombies of its group included.
  bool any_left(ServiceId service, std::int32_t group);
  // To all of it: 0 or errno of the group's.
  int signal(ServiceId service, std::int32_t group, int signo);

  // Time has passed: what was seen is old.
  void look_again() { has_looked_ = false; }
  // The container ends: what has left a group is for the sweep at the end, which asks before it
  // kills.
  void leave_strays() { takes_strays_ = false; }

  std::optional<ServiceId> owner_of(std::int32_t pid) { return orphans_.owner_of(pid); }

 private:
  std::span<const Stray> strays();
  bool takes_strays(ServiceId service) const;

  const Plan& plan_;
  system::System& system_;
  const Cgroups& cgroups_;
  OrphanOwner orphans_;
  std::span<const Stray> seen_;
  bool has_looked_ = false;
  bool takes_strays_ = true;
};

}  // namespace pid1::supervisor
