#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// A pipe that a service writes its output to. Both ends are closed on exec; only the reading one is
// non-blocking.
struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};

// With room for `size` bytes, a page at least, or as near to it as this user may have (pipe(7),
// pipe-user-pages-soft). Nothing, and errno, where there are no descriptors.
std::optional<Pipe> make_pipe(std::size_t size);

// The same with the kernel's own size, for little. Empty ends where there are no descriptors: see
// errno.
Pipe open_pipe();

// How many bytes a pipe has room for; 0: it is none.
std::size_t pipe_size(int fd);
// Changes it. False: the kernel refuses, and nothing has changed.
bool resize_pipe(int fd, std::size_t size);

// Lets a service that runs as another user open its /dev/stdout by that name. 0 or errno.
int give_pipe_to(int fd, std::uint32_t uid);

// What is there, as far as it fits. 0: every writer has closed it. -errno; -EAGAIN: nothing now.
ssize_t read_some(int fd, std::span<char> buffer);

}  // namespace pid1::system
