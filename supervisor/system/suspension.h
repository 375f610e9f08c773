#pragma once

#include "supervisor/system/system.h"

namespace pid1::system {

// As System::suspend() says. Every signal must be blocked, SIGCONT above all: that it is pending
// afterwards tells that somebody has continued us.
bool suspend(int signo, StopScope scope);

}  // namespace pid1::system
