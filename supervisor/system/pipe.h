#pragma once

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// A pipe whose ends are closed on exec. The reading end doesn't block; the writing end does, for it
// is somebody's standard output.
struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// Both ends are empty where there are no descriptors.
Pipe make_pipe();

}  // namespace pid1::system
