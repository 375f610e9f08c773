#pragma once

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// A stream socket of this address family (AF_INET, AF_INET6, AF_UNIX): non-blocking, closed on
// exec, not connected. Empty: see errno. Asio opens its own without SOCK_CLOEXEC, and they would
// reach what is started meanwhile.
UniqueFd open_stream_socket(int family);

}  // namespace pid1::system
