#pragma once

#include <array>

#include "supervisor/system/unique_fd.h"

namespace pid1::system {

// /dev/null for reading and writing, closed on exec. Without a /dev/null, the reading end of a pipe
// that nobody writes to: it reads as end of file, and refuses to be written (EBADF, no SIGPIPE).
// Empty where there is no descriptor to be had.
UniqueFd open_null();

// The same open file under a higher number, so that low ones are free for what a child needs for a
// moment (Spawner): for descriptors that stay, and are many. Under its own where there is no higher
// one.
UniqueFd move_up(UniqueFd fd);

struct StandardDescriptors {
  std::array<bool, 3> were_closed = {};  // of 0–2: a program that is to have them as they were has
                                         // them closed (closed_descriptor in system.h)
  int error = 0;  // errno
};

// Opens those of descriptors 0–2 that are closed like open_null(), so that no file of ours takes
// their numbers. The first thing a program does.
StandardDescriptors ensure_standard_descriptors();

// A descriptor held in reserve, for work that must be done when the table is full (EMFILE).
class SpareDescriptor {
 public:
  // Takes one, unless it is held already: none is held before, nor where none was to be had.
  void reserve() {
    if (!held_) held_ = open_null();
  }
  // Gives it up, so that one can be opened in its place; reserve() takes it back after that is
  // closed.
  void lend() { held_.reset(); }

 private:
  UniqueFd held_;
};

}  // namespace pid1::system
