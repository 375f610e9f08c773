#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pid1::system {

// A variable of another process, as that was given it by exec (proc_pid_environ(5)): at most 255
// bytes. Nothing where it has none, the process has ended, or isn't ours to look into, which takes
// the same user or CAP_SYS_PTRACE.
//
// Those pages are the process's own memory, which it may keep anybody from reading for as long as
// it likes. So a child of ours reads them, for at most `patience`; one that was given up on is left
// to be reaped like an orphan.
std::optional<std::string> environment_of(
    std::int32_t pid, std::string_view name,
    std::chrono::milliseconds patience = std::chrono::milliseconds(100));

}  // namespace pid1::system
