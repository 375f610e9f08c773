#pragma once

#include <sys/types.h>

#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Writing to descriptors that were handed to us. O_NONBLOCK belongs to the open file description,
// which others share, our services among them: it must not be set there. And PID 1 must never
// block.

// An open file description of our own for what `fd` writes to: non-blocking, closed on exec. Works
// for pipes and terminals whose permissions let this user open them. Empty for all else, and
// without a /proc: write to `fd` itself then, through write_without_blocking(). Not for files,
// which two descriptions with an offset each would overwrite.
UniqueFd reopen_for_writing(int fd);

// Writes what goes in at once. Returns the number of bytes taken, or -errno; -EAGAIN: none now,
// wait until the descriptor is writable. Files are written whole, for a disk is never "not ready".
ssize_t write_without_blocking(int fd, std::span<const char> bytes);

// Whether both write to the same pipe, terminal or file.
bool lead_to_the_same(int one, int other);

}  // namespace pid1::system
