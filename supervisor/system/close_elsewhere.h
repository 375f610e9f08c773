#pragma once

#include <span>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// Closes descriptors that others have sent us. A last close may wait for the peer (SO_LINGER,
// socket(7)) or for a file system that hangs, so that whoever sends us such a descriptor could stop
// us for as long as it likes. Pipes are closed when this returns. All else is by a child of ours
// that shares the descriptor table, and that is left to be reaped like an orphan; where there is
// none to be had, here after all, but a socket doesn't linger then.
void close_elsewhere(std::span<UniqueFd> descriptors);

}  // namespace pid1::system
