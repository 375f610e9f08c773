#include "supervisor/belongings.h"

#include <algorithm>

#include "supervisor/system/process_facts.h"

namespace pid1::supervisor {

namespace {

constexpr int kSigKill = 9;  // signal(7)

}  // namespace

std::optional<ServiceProcesses::Started> KnownProcesses::started(std::int32_t pid) const {
  if (const auto main = mains_.owner_of(pid)) return Started{main->service};
  if (const auto task = tasks_.service_of(pid)) return Started{*task};
  if (const auto last = mains_.owner_of_group(pid)) {
    return Started{*last, Started::Life::reaped};
  }
  return std::nullopt;
}

std::optional<ServiceId> KnownProcesses::owner_of_cgroup(std::int32_t pid) const {
  return cgroups_.owner_of(pid);
}

std::optional<ServiceId> KnownProcesses::named(std::string_view service) const {
  return plan_.find(service);
}

Belongings::Belongings(const Plan& plan, system::System& system, const ServiceProcesses& known,
                       const Cgroups& cgroups)
    : plan_(plan), system_(system), cgroups_(cgroups), orphans_(known) {}

bool Belongings::any_left(ServiceId service, std::int32_t group) {
  if (system_.group_exists(group)) return true;
  if (!takes_strays(service)) return false;
  if (cgroups_.has(service)) return cgroups_.is_populated(service);
  return std::ranges::find(strays(), service, &Stray::service) != strays().end();
}

int Belongings::signal(ServiceId service, std::int32_t group, int signo) {
  const int error = system_.signal_group(group, signo);
  if (!takes_strays(service)) return error;
  if (signo == kSigKill && cgroups_.has(service)) {
    cgroups_.kill(service);
    return error;
  }
  for (const Stray& stray : strays()) {
    if (stray.service == service) system::signal_exactly(stray.process, signo);
  }
  return error;
}

std::span<const Stray> Belongings::strays() {
  if (has_looked_) return seen_;
  seen_ = orphans_.strays();
  has_looked_ = true;
  return seen_;
}

bool Belongings::takes_strays(ServiceId service) const {
  if (!takes_strays_) return false;
  switch (plan_[service].orphans) {
    case OrphanPolicy::kill: return plan_[service].stop.kill_mode != KillMode::process;
    case OrphanPolicy::adopt: return false;
  }
  return false;
}

}  // namespace pid1::supervisor
