#pragma once

#include <vector>

#include "config/diagnostic.h"
#include "config/fields.h"
#include "services/spec.h"

namespace pid1::config {

// What a service may use, as files of cgroup v2
// (https://docs.kernel.org/admin-guide/cgroup-v2.html). What is without limit has no setting, for
// so is a new cgroup. `deploy` may be nullptr; what it and the service's own keys both say must be
// the same.
std::vector<CgroupSetting> read_cgroup(const Fields& service, const Fields* deploy,
                                       Diagnostics& diagnostics);

}  // namespace pid1::config
