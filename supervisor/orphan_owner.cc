#include "supervisor/orphan_owner.h"

#include <string>

#include "supervisor/system/process_environment.h"

namespace pid1::supervisor {
namespace {

using Life = ServiceProcesses::Started::Life;
using system::ProcessFacts;

// Parents that come and go meanwhile could lead in a circle.
constexpr int kMaxParents = 256;

}  // namespace

std::optional<ServiceId> OrphanOwner::owner_of(std::int32_t pid) {
  if (const auto own = known_.started(pid); own && own->life == Life::living) return own->service;
  self_ = system::own_process_facts();
  if (!self_) return std::nullopt;
  const std::optional<ProcessFacts> process = system::process_facts(pid);
  if (!process) return std::nullopt;
  return find_owner(*process);
}

std::span<const Stray> OrphanOwner::strays() {
  strays_.clear();
  self_ = system::own_process_facts();
  if (!self_) return strays_;
  system::for_each_process([this](std::int32_t pid) {
    if (pid == self_->id.pid) return;
    if (const auto own = known_.started(pid); own && own->life == Life::living) return;
    const std::optional<ProcessFacts> process = system::process_facts(pid);
    if (!process || process->is_dead || is_in_started_group(*process)) return;
    if (const auto service = find_owner(*process)) strays_.push_back({*service, process->id});
  });
  return strays_;
}

bool OrphanOwner::is_in_started_group(const ProcessFacts& process) const {
  const auto leader = known_.started(process.group);
  return leader && leader->life == Life::living;
}

// A session keeps its leader's number from being given to others, but only until its last process
// has ended. A leader that is there though ours was reaped is another one.
std::optional<ServiceId> OrphanOwner::owner_of_session(std::int32_t session) const {
  const auto leader = known_.started(session);
  if (!leader) return std::nullopt;
  if (leader->life == Life::reaped && system::process_facts(session)) return std::nullopt;
  return leader->service;
}

std::optional<ServiceId> OrphanOwner::find_owner(const ProcessFacts& process) const {
  if (const auto service = known_.owner_of_cgroup(process.id.pid)) return service;
  std::optional<ProcessFacts> next = process;
  for (int count = 0; next && count < kMaxParents; ++count) {
    if (const auto service = owner_of_session(next->session)) return service;
    if (next->parent == self_->id.pid) break;
    const auto parent = known_.started(next->parent);
    if (parent && parent->life == Life::living) return parent->service;
    next = system::process_facts(next->parent);
  }
  // Others' processes have other parents, and in our own session is none but what pid1 itself
  // needs.
  const bool is_adopted = next && next->parent == self_->id.pid && next->session != self_->session;
  if (!is_adopted) return std::nullopt;
  const auto name = system::environment_of(process.id.pid, "PID1_SERVICE");
  return name ? known_.named(*name) : std::nullopt;
}

}  // namespace pid1::supervisor
