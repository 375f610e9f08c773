#pragma once

#include "supervisor/log.h"

namespace pid1::supervisor {

// Makes this process the one that orphans come to, and says where it isn't PID 1.
void become_reaper(Log& log);

}  // namespace pid1::supervisor
