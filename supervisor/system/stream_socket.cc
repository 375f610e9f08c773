#include "supervisor/system/stream_socket.h"

#include <sys/socket.h>

namespace pid1::system {

UniqueFd open_stream_socket(int family) {
  return UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace pid1::system
