#pragma once

#include "services/plan.h"
#include "supervisor/launcher.h"
#include "supervisor/system/terminal.h"

namespace pid1::supervisor {

// How a service gets pid1's terminal, where one of the plan is to have it (Input::terminal). Where
// pid1 leads the terminal's session, it gives it up for good: the service makes it that of a
// session of its own. Where another does (`docker run --init --tty`, a shell), the service stays in
// pid1's session, in the foreground. Else whatever pid1's standard input is may become its
// terminal.
OwnedTerminal hand_over_terminal(const Plan& plan, const system::Terminal& terminal);

}  // namespace pid1::supervisor
