#pragma once

#include <cstdint>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Starts a child of ours that compresses `from` into `to` (gzip.h), with the lowest priority and
// with no other descriptor; it exits with 0 or 1, and any signal may end it. Its pid, to be reaped
// like any other; or -errno. Not exec'd: neither /proc nor a file is needed for it.
std::int32_t start_gzip(UniqueFd from, UniqueFd to);

}  // namespace pid1::system
