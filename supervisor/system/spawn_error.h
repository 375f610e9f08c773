#pragma once

#include <string>

#include "supervisor/system/system.h"

namespace pid1::system {

// Whether a process, memory or descriptors were lacking: nobody's fault, and worth another try. All
// else is the service's own: its program, user or directory.
bool is_resource_failure(const SpawnError& error);

// The exit code that a shell and Docker give a command that can't be started: 127 for a program
// that was not found, 126 for everything else.
int exit_code_for(const SpawnError& error);

// What went wrong, in words for the person who wrote the request: "cannot run serve: program not
// found in PATH (/bin:/usr/bin)". Looks at the program's file again to tell a missing program from
// a missing interpreter. One line; control characters in names are escaped.
std::string describe(const SpawnError& error, const SpawnRequest& request);

}  // namespace pid1::system
