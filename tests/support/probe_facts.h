#pragma once

#include <map>
#include <string>

namespace pid1::testing {

// What the kernel says about this process as it was started: pid ppid sid pgid uid euid gid groups
// umask cwd mask ignored fds stdin capabilities no_new_privs limits tpgid (-1: no controlling
// terminal). Sets are written as sorted numbers with commas between. To be called before the
// program changes any of it.
std::map<std::string, std::string> own_facts();

// Its variables.
std::map<std::string, std::string> own_environment();

}  // namespace pid1::testing
