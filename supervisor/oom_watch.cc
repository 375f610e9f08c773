#include "supervisor/oom_watch.h"

namespace pid1::supervisor {

void OomWatch::begin() {
  told_.resize(services_ + 1);
  bool container_counts = false;
  for (std::size_t i = 0; i < services_; ++i) {
    const ServiceId id{static_cast<std::uint32_t>(i)};
    const bool own = cgroups_.counts_own_oom_kills(id);
    if (!own && container_counts) continue;
    container_counts = container_counts || !own;
    told(id) = cgroups_.oom_kills(id);
  }
}

bool OomWatch::has_killed(ServiceId service) {
  if (told_.empty() || cgroups_.oom_kills(service) <= told(service)) return false;
  ++told(service);
  return true;
}

std::uint64_t& OomWatch::told(ServiceId service) {
  return told_[cgroups_.counts_own_oom_kills(service) ? index(service) : services_];
}

}  // namespace pid1::supervisor
