#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Cgroups of version 2, by the paths of their directories (the kernel's admin-guide/cgroup-v2.rst).

// Makes one, empty and with nothing set, as far as nobody is in it already. 0 or errno.
int make_cgroup(const std::string& path);

// Removes it with all below it. What still has processes stays; they are left alone.
void remove_cgroup(const std::string& path);

// Writes one of its files. 0 or errno.
int write_cgroup(const std::string& path, std::string_view file, std::string_view text);

// For SpawnRequest::cgroup. Empty: it isn't there.
UniqueFd open_cgroup(const std::string& path);

// The processes of this PID namespace that are in it, but not of cgroups below; 0 stands for one
// outside.
std::vector<std::int32_t> processes_in(const std::string& path);

// The same with those below.
std::vector<std::int32_t> all_processes_in(const std::string& path);

// Whether a process is in it or below, zombies not counted.
bool is_populated(const std::string& path);

// SIGKILL to all that is in it and below: cgroup.kill, which no fork escapes; before Linux 5.14 one
// by one, again and again while new ones appear.
void kill_cgroup(const std::string& path);

// The content of a file of the kernel's; empty where it can't be read.
std::string read_text(const std::string& path);

// The number behind `key` and a space at the beginning of a line, as in "oom_kill 3".
std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key);

}  // namespace pid1::system
