#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Both ends closed on exec. Ours, which reads, doesn't block; the other, which is for a program,
// does.
struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

// Empty ends where there are no descriptors to be had: see errno.
Pipe open_pipe();

// What is there, up to the span's size. 0: at its end; -EAGAIN: nothing now; else -errno.
ssize_t read_some(int fd, std::span<char> bytes);

}  // namespace pid1::system
