#pragma once

#include <string>
#include <vector>

#include "services/plan.h"
#include "supervisor/system/accounts.h"
#include "supervisor/system/capabilities.h"
#include "supervisor/system/limits.h"

namespace pid1::supervisor {

// What pid1 has, and can give its services.
struct OwnRights {
  system::Credentials credentials;
  system::CapabilityState capabilities;
  system::OwnLimits limits;
  int least_oom_score_adj = -1000;
  system::AccountFiles accounts = {};
};

// What the services, their hooks and probes ask for that pid1 can't give, one line each: "web:
// cap_add: …". As far as it is known before a start; a kernel or sandbox may refuse still more.
std::vector<std::string> find_missing_rights(const Plan& plan, const OwnRights& own);

// With this process's own; looks at nothing where nothing is asked for.
std::vector<std::string> find_missing_rights(const Plan& plan);

}  // namespace pid1::supervisor
