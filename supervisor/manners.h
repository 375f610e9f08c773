#pragma once

#include "supervisor/command_line/program_options.h"
#include "supervisor/launcher.h"
#include "supervisor/log.h"

namespace pid1::supervisor {

// How an init of this manner marks its own lines; scripts look for some.
LogPrefixes prefixes_of(Manner manner);

// What it ends with where the system lacks what it takes to begin.
int own_failure_code(Manner manner);

// What it says of a program that can't be executed, and the code that it ends with.
LaunchError (*explainer_of(Manner manner))(const system::SpawnError&, const system::SpawnRequest&);

}  // namespace pid1::supervisor
