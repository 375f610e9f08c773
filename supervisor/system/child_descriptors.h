#pragma once

namespace pid1::system {

// Which descriptors a child has.
struct ChildDescriptors {
  // sources[i] becomes targets[i]: any descriptors, targets among them in any order, or
  // closed_descriptor. A target of -1 has no source.
  int sources[4] = {0, 1, 2, -1};
  int targets[4] = {0, 1, 2, -1};
  int spare = -1;  // closed on exec, above 2, no target: its number is free for juggling
  bool keeps_others = false;
  // The child shares its parent's table until it has done as below: no descriptor from here on is
  // needed. -1: it has a table of its own.
  int shared_from = -1;
};

// Takes a table of its own, with the descriptors below `shared_from`: the kernel copies no others,
// and exec has no others to close (CLOSE_RANGE_UNSHARE, close_range(2), Linux 5.9). False: it could
// not be done, nothing has changed, error in errno.
bool leave_shared_table(ChildDescriptors& plan);

// Puts them in place, and has all others closed by exec. Plain system calls only, in a vforked
// child. False: it could not be done, error in errno.
bool set_up_descriptors(ChildDescriptors& plan);

}  // namespace pid1::system
