#pragma once

#include "services/plan.h"
#include "supervisor/launcher.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

// pid1's terminal, where a service of the plan is to have it (Input::terminal); else none.
system::Terminal find_terminal_for(const Plan& plan);

// How such a service gets it. Where pid1 leads the terminal's session, it gives it up for good: the
// service makes it that of a session of its own. Where another does (`docker run --init --tty`, a
// shell), the service stays in pid1's session, in the foreground. Without a terminal of pid1's,
// whatever its standard input is may become the service's.
OwnedTerminal hand_over(const system::Terminal& terminal);

}  // namespace pid1::supervisor
