#pragma once

#include <cerrno>

namespace pid1::system {

// Whether a system call failed for want of processes, memory or descriptors: it may succeed later.
constexpr bool lacks_resources(int error) {
  switch (error) {
    case EAGAIN:
    case ENOMEM:
    case EMFILE:
    case ENFILE: return true;
    default: return false;
  }
}

}  // namespace pid1::system
