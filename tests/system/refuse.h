#pragma once

#include <cstdint>

namespace pid1::system::testing {

// Makes `syscall` fail with `error` from now on in this process and its children, as a container
// engine's seccomp profile would; only where its first argument has one of `bits`, unless that is
// 0.
void refuse_syscall(long syscall, int error, std::uint32_t bits = 0);

}  // namespace pid1::system::testing
